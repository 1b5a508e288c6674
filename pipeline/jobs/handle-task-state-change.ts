import { isTerminal } from "../attempts/job-status.ts";
import { classifyTaskOutcome } from "../attempts/task-outcome.ts";
import { type JobError, JobFailure } from "../errors/job-error.ts";
import type { TaskState } from "../ports/task-state.ts";
import {
  type CloseAttemptPorts,
  closeAttemptByReport,
  failAttempt,
  interruptAttempt,
} from "./close-attempt.ts";
import type { Job } from "./job.ts";
import { computeJobId, isJobId } from "./job-id.ts";

/**
 * The attempt that a task worked on: named by its variables, or (started by EventBridge alone) the first of the
 * job of the object version they name. Undefined for other people's tasks.
 */
export const parseTaskAttempt = (
  environment: TaskState["environment"],
): { readonly id: string; readonly attempt: number } | undefined => {
  const { JOB_ID, JOB_ATTEMPT, ROUTE, SOURCE_BUCKET, SOURCE_KEY, SOURCE_VERSION } = environment;
  if (JOB_ID !== undefined) {
    const attempt = Number(JOB_ATTEMPT);
    return isJobId(JOB_ID) && Number.isInteger(attempt) ? { id: JOB_ID, attempt } : undefined;
  }
  if (ROUTE === undefined || SOURCE_BUCKET === undefined || SOURCE_KEY === undefined || !SOURCE_VERSION)
    return undefined;
  const source = { bucket: SOURCE_BUCKET, key: SOURCE_KEY, versionId: SOURCE_VERSION };
  return { id: computeJobId(source, ROUTE), attempt: 1 };
};

/** What an attempt is told whose worker ended, or vanished, without a word. */
export const buildWorkerLostError = (reason: string): JobError =>
  new JobFailure(9001, reason, { retryable: true }).toJSON();

/**
 * Ends the attempt of a stopped task: by the worker's report where there is one, else by how the task stopped.
 * A late task, of an attempt that is over or of a job that has ended, changes nothing; nor does one that ended
 * well without a report while another holds the attempt.
 */
export const closeAttemptByTask = async (
  ports: CloseAttemptPorts,
  job: Job,
  state: TaskState,
): Promise<void> => {
  if (isTerminal(job.status)) return;
  const outcome = classifyTaskOutcome(state, job.recipe ?? "transcode");
  // A worker that is told to stop reports just that.
  const wasInterruptedByStop = outcome.kind === "interrupted" && job.report?.error?.retryable === true;
  if (job.report !== undefined && !wasInterruptedByStop) return closeAttemptByReport(ports, job, job.report);
  if (outcome.kind === "running") return;
  if (job.engineJob !== undefined && job.engineJob !== state.task) return;
  if (outcome.kind === "interrupted") return interruptAttempt(ports, job, outcome.error);
  if (outcome.kind !== "done") return failAttempt(ports, job, outcome.error);
  if (job.engineJob === state.task)
    await failAttempt(ports, job, buildWorkerLostError("The worker ended without a report of what it made."));
};

/** Settles the job of a task state change, if the task is one of Reelway's jobs. */
export const handleTaskStateChange = async (ports: CloseAttemptPorts, state: TaskState): Promise<void> => {
  if (state.status !== "Stopped") return;
  const taskAttempt = parseTaskAttempt(state.environment);
  if (taskAttempt === undefined) return;
  const job = await ports.jobs.read(taskAttempt.id);
  if (job === undefined) {
    ports.log.warn("A task stopped whose job is not known; the sweep will claim its upload", {
      job: taskAttempt.id,
      task: state.task,
    });
    return;
  }
  if (job.attempt === taskAttempt.attempt) await closeAttemptByTask(ports, job, state);
};
