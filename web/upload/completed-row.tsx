import { useState } from "preact/hooks";
import { isEnded, type JobDetails } from "../api/follow-job.ts";
import { formatBytes, formatDuration } from "../components/format.ts";
import { ProgressBar } from "../components/progress-bar.tsx";
import { StatusBadge } from "../components/status-badge.tsx";
import { ActionButton } from "./action-button.tsx";
import type { CompletedUploads } from "./completed-uploads.ts";
import { RowFrame } from "./row-frame.tsx";
import type { CompletedRow } from "./upload-rows.ts";
import { type UploadJob, useJob } from "./use-job.ts";

/** What the job does now, e.g. `Encoding renditions · attempt 2 of 3`. */
const describePhase = ({ status, progress, attempt, maxAttempts }: JobDetails): string => {
  const text = status === "Submitted" ? "Waiting to start" : progress.phase;
  const phase = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return attempt > 1 ? `${phase} · attempt ${attempt} of ${Math.max(attempt, maxAttempts)}` : phase;
};

/** What the job has made, e.g. `3 outputs, 4.2 MB, in 0:12`. */
const describeOutputs = ({ status, outputs, elapsedSeconds }: JobDetails): string => {
  if (status !== "Complete") return "";
  const bytes = outputs.reduce((sum, output) => sum + output.bytes, 0);
  const count = outputs.length === 1 ? "1 output" : `${outputs.length} outputs`;
  return ` · ${count}, ${formatBytes(bytes)}, in ${formatDuration(elapsedSeconds)}`;
};

/** Link to the result of a job: the player, or the first image of one machine. */
const ResultLink = ({ job, name }: { readonly job: JobDetails; readonly name: string }) => {
  if (job.outputs.some(({ durationSeconds }) => durationSeconds !== null))
    return (
      <a class="button button-primary" href={`/watch/${job.id}`} aria-label={`Watch ${name}`}>
        Watch
      </a>
    );
  const image = job.outputs.find(({ path, width }) => path !== null && width !== null);
  return image === undefined ? null : (
    <a
      class="button button-primary"
      href={image.url}
      target="_blank"
      aria-label={`Open the image of ${name}`}
      rel="noopener"
    >
      Open
    </a>
  );
};

/** Asks before a job is retried whose error is permanent. */
const RetryQuestion = ({
  name,
  retry,
  onClose,
}: {
  readonly name: string;
  readonly retry: () => void;
  readonly onClose: () => void;
}) => (
  <fieldset
    class="upload-question"
    onKeyDown={({ key }) => {
      if (key === "Escape") onClose();
    }}
  >
    <legend>
      This error is permanent: with the same file, another attempt will probably fail too. Retry anyway?
    </legend>
    <ActionButton label="Retry anyway" name={name} isPrimary onClick={retry} />
    <ActionButton label="Do not retry" name={name} onClick={onClose} />
  </fieldset>
);

/** What happens after a failure to read a job. */
const pollNotice = "The page also tries again by itself.";

/** The state of the job, in words. */
const JobProgress = ({ state, name }: { readonly state: UploadJob; readonly name: string }) => {
  const { job } = state;
  if (state.isDeleted) return <p class="muted">The job has been deleted.</p>;
  const problem = state.problem === undefined ? undefined : `${state.problem} ${pollNotice}`;
  if (job === undefined) return <p class="muted">{problem ?? "Uploaded. The job starts within seconds."}</p>;
  return (
    <>
      {!isEnded(job) && (
        <>
          <div class="upload-progress">
            <ProgressBar percent={job.progress.percent} label={`Job of ${name}`} />
            <span class="upload-percent">{Math.floor(job.progress.percent)} %</span>
          </div>
          <p class="muted">{describePhase(job)}</p>
        </>
      )}
      {job.pendingReason !== null && <p>{job.pendingReason}</p>}
      {job.error !== null && (
        <p class="upload-problem" dir="auto">
          {job.error.message}
        </p>
      )}
      {problem !== undefined && !isEnded(job) && <p class="muted">{problem}</p>}
    </>
  );
};

interface CompletedItemProps {
  readonly row: CompletedRow;
  readonly completed: CompletedUploads;
  readonly onRemove: () => void;
}

/** A file that is completely sent, with its job. */
export const CompletedItem = ({ row, completed, onRemove }: CompletedItemProps) => {
  const { name } = row;
  const state = useJob(row, completed);
  const [isAsking, setAsking] = useState(false);
  const { job, isBusy } = state;
  const canRetry = job?.status === "Error" || job?.status === "Canceled";
  const isPermanent = job?.error?.retryable === false;
  const retry = (force: boolean): void => {
    setAsking(false);
    void state.retry(force);
  };
  const actions = (
    <>
      {job?.status === "Complete" && <ResultLink job={job} name={name} />}
      {job !== undefined && !isEnded(job) && (
        <ActionButton
          label="Cancel job"
          name={name}
          isDisabled={isBusy}
          onClick={() => void state.cancel()}
        />
      )}
      {canRetry && !isAsking && (
        <ActionButton
          label="Retry"
          name={name}
          isPrimary={!isPermanent}
          isDisabled={isBusy}
          onClick={() => (isPermanent ? setAsking(true) : retry(false))}
        />
      )}
      {(job === undefined || isEnded(job)) && <ActionButton label="Remove" name={name} onClick={onRemove} />}
    </>
  );
  return (
    <RowFrame
      name={name}
      folder={row.folder}
      status={
        job === undefined ? (
          <span class={`status status-${row.hasJob ? "submitted" : "complete"}`}>Uploaded</span>
        ) : (
          <StatusBadge status={job.status} />
        )
      }
      actions={actions}
    >
      <p class="muted">
        {formatBytes(row.bytes)}
        {job !== undefined && describeOutputs(job)}
        {!row.hasJob && " · stored without a job, as captions and watermarks are"}
      </p>
      {row.hasJob && <JobProgress state={state} name={name} />}
      {state.operationProblem !== undefined && (
        <p class="upload-problem" role="alert">
          {state.operationProblem}
        </p>
      )}
      {isAsking && <RetryQuestion name={name} retry={() => retry(true)} onClose={() => setAsking(false)} />}
    </RowFrame>
  );
};
