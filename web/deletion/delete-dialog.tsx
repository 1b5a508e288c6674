import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Dialog } from "../components/dialog.tsx";
import { FailureList } from "../components/failure-list.tsx";
import { formatCount } from "../components/format.ts";
import { ProgressBar } from "../components/progress-bar.tsx";
import { type DeletionPlan, type DeletionSummary, describeDeletion, summarizeDeletion } from "./deletion.ts";
import { checkDeletion, confirmDeletion, type DeletionCheck, type DeletionReport } from "./requests.ts";

interface DeleteDialogProps {
  readonly videos: readonly DeletionPlan["video"][];
  /** Called with the ids of videos that no longer exist. */
  onDeleted(ids: readonly string[]): void;
  /** Called at the end. Without a report: the user canceled. */
  onClose(report?: DeletionReport): void;
}

/** Asks for the confirmation of a deletion with what it will remove, and deletes. */
export const DeleteDialog = ({ videos, onDeleted, onClose }: DeleteDialogProps) => {
  const check = useSignal<(DeletionCheck & { readonly summary: DeletionSummary }) | undefined>(undefined);
  const checkedCount = useSignal(0);
  const deletedCount = useSignal(0);
  const isDeleting = useSignal(false);

  useEffect(() => {
    const controller = new AbortController();
    const countVideo = (): void => {
      checkedCount.value += 1;
    };
    void checkDeletion(videos, countVideo, controller.signal).then((result) => {
      if (controller.signal.aborted) return;
      check.value = { ...result, summary: summarizeDeletion(result.plans) };
      onDeleted(result.goneIds);
    });
    return () => controller.abort();
  }, [videos]);

  const confirm = async (): Promise<void> => {
    if (check.value === undefined) return;
    const { failures, summary } = check.value;
    isDeleting.value = true;
    const report = await confirmDeletion(summary, (ids) => {
      deletedCount.value += ids.length;
      onDeleted(ids);
    });
    onClose({ ...report, failures: [...failures, ...report.failures] });
  };

  const planCount = check.value?.plans.length ?? 0;
  const summary = check.value?.summary;
  return (
    <Dialog
      title={
        videos.length === 1 ? (
          <>
            Delete <bdi>{videos[0]?.title}</bdi>?
          </>
        ) : (
          `Delete ${formatCount(videos.length, "video")}?`
        )
      }
      isBusy={isDeleting.value}
      onClose={() => onClose()}
    >
      {summary === undefined ? (
        <p role="status">
          Checking what will be removed: {checkedCount.value} of {videos.length}
        </p>
      ) : isDeleting.value ? (
        <div>
          <p role="status">
            Deleting: {deletedCount.value} of {planCount}
          </p>
          <ProgressBar percent={(deletedCount.value / Math.max(1, planCount)) * 100} label="Deletion" />
        </div>
      ) : (
        <div class="dialog-text">
          {planCount > 0 && (
            <p>
              {planCount < videos.length && `${formatCount(planCount, "video")}: `}
              <strong>{describeDeletion(summary)}</strong>. This cannot be undone.
            </p>
          )}
          {summary.hasVersions && (
            <p class="muted">All versions of an upload are deleted with it. Jobs that run are canceled.</p>
          )}
          {planCount === 0 && check.value?.failures.length === 0 && <p>It has already been deleted.</p>}
          <FailureList title="Not possible for:" failures={check.value?.failures ?? []} />
        </div>
      )}
      <div class="dialog-actions">
        <button class="button" type="button" disabled={isDeleting.value} onClick={() => onClose()}>
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
    </Dialog>
  );
};
