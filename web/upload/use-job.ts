import { useEffect, useState } from "preact/hooks";
import { api, getBody, RequestError } from "../api/client.ts";
import { followJob, isEnded, type JobDetails, pollWithBackoff } from "../api/follow-job.ts";
import { describeFailure } from "../components/action-report.ts";
import { announce } from "./announce.ts";
import type { CompletedUploads } from "./completed-uploads.ts";
import { listJobs } from "./jobs.ts";
import { pickJob } from "./pick-job.ts";
import type { CompletedRow } from "./upload-rows.ts";

interface JobState {
  readonly job?: JobDetails;
  /** Why the job cannot be read now. It is read again by itself. */
  readonly problem?: string;
  readonly isDeleted?: boolean;
}

/** The job of a completed upload. */
export interface UploadJob extends JobState {
  /** Why the last operation failed. */
  readonly operationProblem: string | undefined;
  readonly isBusy: boolean;
  cancel(): Promise<void>;
  /** @param force also if the error is permanent */
  retry(force: boolean): Promise<void>;
}

const outcomes = { Complete: "is ready", Error: "failed", Canceled: "was canceled" } as const;

const announceOutcome = ({ status }: JobDetails, name: string): void => {
  if (status in outcomes) announce(`The job of ${name} ${outcomes[status as keyof typeof outcomes]}.`);
};

/** Finds the job of an upload, and follows it until it ends. */
export const useJob = (row: CompletedRow, completed: CompletedUploads): UploadJob => {
  const { id, key, name, jobId, hasJob, startedAtMs } = row;
  const [state, setState] = useState<JobState>({});
  const [operationProblem, setOperationProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  /** Counts the operations: after each, the job is followed again. */
  const [round, setRound] = useState(0);

  useEffect(() => {
    if (!hasJob) return undefined;
    const stop = new AbortController();
    const { signal } = stop;
    const onFailure = (cause: unknown): void => {
      if (cause instanceof RequestError && cause.problem?.type === "/problems/job-not-found") {
        stop.abort();
        setState({ isDeleted: true });
      } else setState((current) => ({ ...current, problem: describeFailure(cause) }));
    };
    const find = async (): Promise<void> => {
      const job = await pollWithBackoff(
        async () => {
          const claimedIds = completed.rows.value.flatMap((other) => other.jobId ?? []);
          return pickJob(await listJobs(key), startedAtMs, claimedIds);
        },
        { signal, onFailure },
      );
      if (job !== undefined) completed.update(id, { jobId: job.id });
    };
    let wasOpen = false;
    if (jobId === undefined) void find();
    else
      void followJob(jobId, {
        signal,
        onFailure,
        onJob(job) {
          if (signal.aborted) return;
          setState({ job });
          if (!isEnded(job)) wasOpen = true;
          else if (wasOpen) announceOutcome(job, name);
        },
      });
    return () => stop.abort();
  }, [completed, id, key, name, jobId, hasJob, startedAtMs, round]);

  const operate = async (operation: () => Promise<JobDetails>): Promise<void> => {
    setBusy(true);
    setOperationProblem(undefined);
    try {
      const job = await operation();
      setState({ job });
      announceOutcome(job, name);
      setRound((count) => count + 1);
    } catch (cause) {
      setOperationProblem(describeFailure(cause));
    } finally {
      setBusy(false);
    }
  };
  const params = { path: { id: jobId ?? "" } };
  return {
    ...state,
    operationProblem,
    isBusy,
    cancel: () => operate(() => getBody(api.POST("/jobs/{id}/cancel", { params }))),
    retry: (force) => operate(() => getBody(api.POST("/jobs/{id}/retry", { params, body: { force } }))),
  };
};
