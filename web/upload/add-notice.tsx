import type { AddResult } from "./uploads.ts";

const maxShown = 20;

/** Files that were not added, and why. */
export const AddNotice = ({
  result: { refusedFiles, skippedNames },
  onClose,
}: {
  readonly result: AddResult;
  readonly onClose: () => void;
}) => {
  if (refusedFiles.length + skippedNames.length === 0) return null;
  return (
    <section class="upload-notice" role="alert" aria-label="Files that are not uploaded">
      {refusedFiles.length > 0 && (
        <>
          <strong>
            {refusedFiles.length === 1 ? "1 file was refused" : `${refusedFiles.length} files were refused`}
          </strong>
          <ul>
            {refusedFiles.slice(0, maxShown).map(({ name, reason }) => (
              <li key={name}>
                <bdi>{name}</bdi>: {reason}
              </li>
            ))}
            {refusedFiles.length > maxShown && <li>and {refusedFiles.length - maxShown} more</li>}
          </ul>
        </>
      )}
      {skippedNames.length > 0 && (
        <p>
          {skippedNames.length === 1
            ? "1 hidden or system file"
            : `${skippedNames.length} hidden or system files`}{" "}
          skipped: <bdi>{skippedNames.slice(0, maxShown).join(", ")}</bdi>
          {skippedNames.length > maxShown && ` and ${skippedNames.length - maxShown} more`}
        </p>
      )}
      <button type="button" class="button" onClick={onClose}>
        Dismiss
      </button>
    </section>
  );
};
