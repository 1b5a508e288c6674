import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ProgressBar } from "../components/progress-bar.tsx";
import { type ActionReport, checkDeletion, confirmDeletion, type DeletionCheck } from "./bulk-actions.ts";
import { describeDeletion, formatCount, summarizeDeletion } from "./deletion.ts";
import { FailureList } from "./failure-list.tsx";
import type { Video } from "./library-data.ts";

interface DeleteDialogProps {
  readonly videos: readonly Video[];
  /** Called with the ids of videos that no longer exist. */
  onDeleted(ids: readonly string[]): void;
  /** Called at the end. Without a report: the user canceled. */
  onClose(report?: ActionReport): void;
}

/** Asks for the confirmation of a deletion with what it will remove, and deletes. */
export const DeleteDialog = ({ videos, onDeleted, onClose }: DeleteDialogProps) => {
  const dialog = useRef<HTMLDialogElement>(null);
  const cancelButton = useRef<HTMLButtonElement>(null);
  const check = useSignal<DeletionCheck | undefined>(undefined);
  const checkedCount = useSignal(0);
  const deletedCount = useSignal(0);
  const isDeleting = useSignal(false);

  useEffect(() => {
    dialog.current?.showModal();
    cancelButton.current?.focus();
    let isOpen = true;
    void checkDeletion(videos, () => {
      checkedCount.value += 1;
    }).then((result) => {
      if (!isOpen) return;
      check.value = result;
      onDeleted(result.goneIds);
    });
    return () => {
      isOpen = false;
    };
  }, [videos, check, checkedCount, onDeleted]);

  const close = (report?: ActionReport): void => {
    // Gives the focus back.
    dialog.current?.close();
    onClose(report);
  };
  const summary = check.value === undefined ? undefined : summarizeDeletion(check.value.plans);
  const confirm = async (): Promise<void> => {
    if (summary === undefined || check.value === undefined) return;
    const { failures } = check.value;
    isDeleting.value = true;
    const report = await confirmDeletion(summary, (ids) => {
      deletedCount.value += ids.length;
      onDeleted(ids);
    });
    close({ ...report, failures: [...failures, ...report.failures], permanent: [] });
  };

  const planCount = check.value?.plans.length ?? 0;
  const hasVersions = check.value?.plans.some(({ confirmation }) => confirmation.jobs > 1) ?? false;
  return (
    <dialog
      class="library-dialog"
      ref={dialog}
      aria-labelledby="delete-title"
      aria-describedby="delete-text"
      onCancel={(event) => {
        event.preventDefault();
        if (!isDeleting.value) close();
      }}
    >
      <h2 id="delete-title">
        {videos.length === 1 ? (
          <>
            Delete <bdi>{videos[0]?.title}</bdi>?
          </>
        ) : (
          `Delete ${formatCount(videos.length, "video")}?`
        )}
      </h2>
      {summary === undefined ? (
        <p id="delete-text" role="status">
          Checking what will be removed: {checkedCount.value} of {videos.length}
        </p>
      ) : isDeleting.value ? (
        <div id="delete-text">
          <p role="status">
            Deleting: {deletedCount.value} of {planCount}
          </p>
          <ProgressBar percent={(deletedCount.value / Math.max(1, planCount)) * 100} label="Deletion" />
        </div>
      ) : (
        <div id="delete-text" class="library-dialog-text">
          {planCount > 0 && (
            <p>
              {planCount < videos.length && `${formatCount(planCount, "video")}: `}
              <strong>{describeDeletion(summary)}</strong>. This cannot be undone.
            </p>
          )}
          {hasVersions && (
            <p class="muted">All versions of an upload are deleted with it. Jobs that run are canceled.</p>
          )}
          {planCount === 0 && check.value?.failures.length === 0 && <p>It has already been deleted.</p>}
          <FailureList title="Not possible for:" failures={check.value?.failures ?? []} />
        </div>
      )}
      <div class="library-dialog-buttons">
        <button
          class="button"
          type="button"
          ref={cancelButton}
          disabled={isDeleting.value}
          onClick={() => close()}
        >
          Cancel
        </button>
        <button
          class="button button-danger"
          type="button"
          disabled={planCount === 0 || isDeleting.value}
          onClick={() => void confirm()}
        >
          Delete
        </button>
      </div>
    </dialog>
  );
};
