interface ActionButtonProps {
  readonly label: string;
  /** Name of the file, for screen readers. */
  readonly name: string;
  readonly onClick: () => void;
  readonly isPrimary?: boolean;
  readonly isDisabled?: boolean;
}

/** A button of a row. */
export const ActionButton = ({
  label,
  name,
  onClick,
  isPrimary = false,
  isDisabled = false,
}: ActionButtonProps) => (
  <button
    type="button"
    class={isPrimary ? "button button-primary" : "button"}
    aria-label={`${label} ${name}`}
    disabled={isDisabled}
    onClick={onClick}
  >
    {label}
  </button>
);
