import { useState } from "preact/hooks";
import { api, getBody } from "../api/client.ts";
import type { JobDetails } from "../api/follow-job.ts";
import { describeFailure } from "../components/action-report.ts";
import { Failure } from "../components/failure.tsx";
import { ProgressBar } from "../components/progress-bar.tsx";
import { formatStep } from "./timeline.ts";

interface JobStateProps {
  readonly job: JobDetails;
  readonly onChange: (job: JobDetails) => void;
}

/** Runs one operation of a job at a time, and keeps its failure. */
const useOperation = (onChange: JobStateProps["onChange"]) => {
  const [isRunning, setRunning] = useState(false);
  const [failure, setFailure] = useState<string>();
  const run = async (operation: Promise<{ readonly data?: JobDetails }>): Promise<void> => {
    setRunning(true);
    setFailure(undefined);
    try {
      onChange(await getBody(operation));
    } catch (cause) {
      setFailure(describeFailure(cause));
    } finally {
      setRunning(false);
    }
  };
  return { isRunning, failure, run };
};

/** A job that waits or runs: its live progress. */
export const RunningJob = ({ job, onChange }: JobStateProps) => {
  const { isRunning, failure, run } = useOperation(onChange);
  const { id, status, progress, pendingReason, attempt, maxAttempts, startedAt } = job;
  const isWaiting = status === "Submitted";
  const percent = Math.round(progress.percent);
  const elapsed = startedAt === null ? undefined : formatStep(Date.now() - Date.parse(startedAt));
  return (
    <div class="watch-state">
      <p class="watch-state-title" role="status">
        {isWaiting ? "Waiting to start" : "The video is being made"}
      </p>
      <ProgressBar percent={percent} label="Progress of the job" />
      <p class="muted">
        {isWaiting
          ? (pendingReason ??
            "The job starts as soon as there is room. This page shows its progress by itself.")
          : `${percent} % – ${progress.phase}${elapsed === undefined ? "" : ` – ${elapsed}`}${attempt > 1 ? ` – attempt ${attempt} of ${maxAttempts}` : ""}. The player appears here by itself.`}
      </p>
      {failure !== undefined && <Failure title="The job could not be canceled" message={failure} />}
      <button
        type="button"
        class="button"
        disabled={isRunning}
        onClick={() => void run(api.POST("/jobs/{id}/cancel", { params: { path: { id } } }))}
      >
        Cancel job
      </button>
    </div>
  );
};

/** A job that failed or was canceled: why, and how to retry it. */
export const EndedJob = ({ job, onChange }: JobStateProps) => {
  const { isRunning, failure, run } = useOperation(onChange);
  const { id, error } = job;
  const retry = (force: boolean) =>
    void run(api.POST("/jobs/{id}/retry", { params: { path: { id } }, body: { force } }));
  const isPermanent = error !== null && !error.retryable;
  return (
    <div class="watch-state">
      <Failure
        title={error === null ? "The job was canceled" : `The job failed: ${error.name} (${error.code})`}
        message={error === null ? "Nothing was made. Retry it to get the video." : error.message}
      />
      {isPermanent && (
        <p class="muted">
          Another attempt fails in the same way unless the reason is removed. A corrected file is uploaded
          again under the same name.
        </p>
      )}
      {failure !== undefined && <Failure title="The job could not be retried" message={failure} />}
      <div class="watch-actions">
        <button
          type="button"
          class={isPermanent ? "button" : "button button-primary"}
          disabled={isRunning}
          onClick={() => retry(isPermanent)}
        >
          {isPermanent ? "Retry anyway" : "Retry"}
        </button>
        <a class="button" href="/upload">
          Upload a file
        </a>
      </div>
    </div>
  );
};

/** What is missing from the outputs of a job. */
export const Warnings = ({ job: { warnings } }: Pick<JobStateProps, "job">) =>
  warnings.length === 0 ? null : (
    <section class="watch-panel" aria-labelledby="watch-warnings">
      <h2 id="watch-warnings">Warnings</h2>
      <ul>
        {warnings.map((warning) => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
    </section>
  );
