import { type ComponentChildren, createContext, h } from "preact";
import { useCallback, useContext, useLayoutEffect, useRef } from "preact/hooks";

interface RowFrameProps {
  readonly name: string;
  readonly folder: string;
  /** Size and status, beside the name. */
  readonly status: ComponentChildren;
  readonly actions: ComponentChildren;
  readonly children: ComponentChildren;
}

/** Called after each change of a row's content. */
const RowChange = createContext((): void => undefined);

/** Keeps the focus in a row when the button that has it disappears. */
const useKeptFocus = () => {
  const ref = useRef<HTMLLIElement>(null);
  const hasFocus = useRef(false);
  return {
    ref,
    keepFocus: useCallback(() => {
      if (hasFocus.current && document.activeElement === document.body)
        ref.current?.focus({ preventScroll: true });
    }, []),
    onFocusIn: () => {
      hasFocus.current = true;
    },
    // A button that is removed or disabled may lose the focus too, without the user.
    onFocusOut: ({ target }: FocusEvent) => {
      if (target instanceof Element && target.isConnected && !target.matches(":disabled"))
        hasFocus.current = false;
    },
  };
};

/** A row of the list of uploads: name and folder, status, progress and actions. */
export const RowFrame = ({ name, folder, status, actions, children }: RowFrameProps) => {
  useLayoutEffect(useContext(RowChange));
  return (
    <div class="upload-row">
      <div class="upload-name">
        <bdi>{name}</bdi>
        {folder !== "" && (
          <span class="muted">
            in <bdi>{folder}</bdi>
          </span>
        )}
      </div>
      <div class="upload-status">{status}</div>
      <div class="upload-details">{children}</div>
      <div class="upload-actions">{actions}</div>
    </div>
  );
};

/** An item of the list. It gets the focus when its focused button disappears. */
export const RowItem = ({ id, children }: { readonly id: string; readonly children: ComponentChildren }) => {
  const { ref, keepFocus, onFocusIn, onFocusOut } = useKeptFocus();
  return (
    <li ref={ref} id={`upload-${id}`} tabIndex={-1} onFocusIn={onFocusIn} onFocusOut={onFocusOut}>
      {h(RowChange.Provider, { value: keepFocus, children })}
    </li>
  );
};
