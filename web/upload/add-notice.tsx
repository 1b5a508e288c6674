import type { AddResult } from "./uploads.ts";

const maxShown = 20;

/** Files that were not added, and why. */
export const AddNotice = ({
  result: { refused, skipped },
  onClose,
}: {
  readonly result: AddResult;
  readonly onClose: () => void;
}) => {
  if (refused.length + skipped.length === 0) return null;
  return (
    <section class="upload-notice" role="alert" aria-label="Files that are not uploaded">
      {refused.length > 0 && (
        <>
          <strong>
            {refused.length === 1 ? "1 file was refused" : `${refused.length} files were refused`}
          </strong>
          <ul>
            {refused.slice(0, maxShown).map(({ name, reason }) => (
              <li key={name}>
                <bdi>{name}</bdi>: {reason}
              </li>
            ))}
            {refused.length > maxShown && <li>and {refused.length - maxShown} more</li>}
          </ul>
        </>
      )}
      {skipped.length > 0 && (
        <p>
          {skipped.length === 1 ? "1 hidden or system file" : `${skipped.length} hidden or system files`}{" "}
          skipped: <bdi>{skipped.slice(0, maxShown).join(", ")}</bdi>
          {skipped.length > maxShown && ` and ${skipped.length - maxShown} more`}
        </p>
      )}
      <button type="button" class="button" onClick={onClose}>
        Dismiss
      </button>
    </section>
  );
};
