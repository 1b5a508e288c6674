import { useEffect, useState } from "preact/hooks";
import { api, type Problem, RequestError } from "../api/client.ts";
import { Dialog } from "../components/dialog.tsx";
import { Failure } from "../components/failure.tsx";
import { formatBytes } from "../components/format.ts";

type Confirmation = NonNullable<Problem["confirmation"]>;

interface DeleteDialogProps {
  readonly id: string;
  readonly title: string;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

/** Says what a deletion removes, and deletes the video when the user confirms it. */
export const DeleteDialog = ({ id, title, onClose, onDeleted }: DeleteDialogProps) => {
  const [confirmation, setConfirmation] = useState<Confirmation>();
  const [failure, setFailure] = useState<string>();
  const [isDeleting, setDeleting] = useState(false);
  const request = async (token?: string): Promise<void> => {
    setFailure(undefined);
    try {
      const query = token === undefined ? {} : { confirmation: token };
      await api.DELETE("/videos/{id}", { params: { path: { id }, query } });
      onDeleted();
    } catch (cause) {
      if (!(cause instanceof RequestError)) throw cause;
      setDeleting(false);
      // The first response, and that to an expired token.
      if (cause.problem?.confirmation !== undefined) setConfirmation(cause.problem.confirmation);
      else setFailure(cause.message);
    }
  };
  useEffect(() => void request(), []);
  return (
    <Dialog title="Delete this video?" onClose={onClose}>
      <p>
        <bdi>{title}</bdi> is deleted for ever. This cannot be undone, and its shared links end.
      </p>
      {confirmation !== undefined && (
        <ul>
          <li>
            {confirmation.scope === "upload"
              ? `The upload${confirmation.sources.count > 1 ? ` with all ${confirmation.sources.count} versions` : ""}, ${formatBytes(confirmation.sources.bytes)}`
              : `This version of the upload, ${formatBytes(confirmation.sources.bytes)}`}
          </li>
          <li>
            Outputs: {confirmation.outputs.count} files, {formatBytes(confirmation.outputs.bytes)}
          </li>
          <li>Jobs: {confirmation.jobs}. Those that run are canceled.</li>
        </ul>
      )}
      {failure !== undefined && <Failure title="The video could not be deleted" message={failure} />}
      <div class="dialog-actions">
        <button type="button" class="button" onClick={onClose}>
          Keep the video
        </button>
        <button
          type="button"
          class="button button-danger"
          disabled={confirmation === undefined || isDeleting}
          onClick={() => {
            setDeleting(true);
            void request(confirmation?.token);
          }}
        >
          Delete for ever
        </button>
      </div>
    </Dialog>
  );
};
