import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import { classifyTaskOutcome } from "../../pipeline/attempts/task-outcome.ts";
import type { Pipeline, TranscoderJob } from "../../pipeline/elastic-transcoder/jobs/job.ts";
import { type BatchResponse, handleMessages } from "../../pipeline/events/sqs-messages.ts";
import { parseTaskStateChange } from "../../pipeline/events/task-state-change.ts";
import { buildWorkerLostError } from "../../pipeline/jobs/handle-task-state-change.ts";
import { isJobId } from "../../pipeline/jobs/job-id.ts";
import type { Queue } from "../../pipeline/ports/services.ts";
import type { TaskRunner } from "../../pipeline/ports/task-runner.ts";
import type { TaskState } from "../../pipeline/ports/task-state.ts";
import {
  type CloseTranscoderJobPorts,
  closeTranscoderAttemptByReport,
  failTranscoderAttempt,
  notifyTranscoderJob,
  notifyTranscoderStart,
  retryInterruptedTranscoderJob,
} from "./close-job.ts";

export interface TranscoderEventsPorts extends CloseTranscoderJobPorts {
  /** Kicked after every ended task. */
  readonly dispatcherQueue: Queue;
}

const closeByTaskState = async (
  ports: CloseTranscoderJobPorts,
  job: TranscoderJob,
  state: TaskState,
): Promise<void> => {
  if (isTerminal(job.status)) return;
  const outcome = classifyTaskOutcome(state, "transcode");
  // A worker that is told to stop reports just that.
  const isInterrupted = outcome.kind === "interrupted" && job.report?.error?.retryable === true;
  if (job.report !== undefined && !isInterrupted)
    return closeTranscoderAttemptByReport(ports, job, job.report);
  if (outcome.kind === "running") return;
  if (job.task !== undefined && job.task !== state.task) return;
  if (outcome.kind === "interrupted") return retryInterruptedTranscoderJob(ports, job, outcome.error);
  await failTranscoderAttempt(
    ports,
    job,
    outcome.kind === "done"
      ? buildWorkerLostError("The worker ended without a report of what it made.")
      : outcome.error,
  );
};

/**
 * Closes transcoder jobs by the state changes of their tasks, by themselves or as messages of a queue, whose failures
 * are answered one by one; other tasks are passed over.
 */
export const createTranscoderEventsHandler = (
  ports: TranscoderEventsPorts,
): ((event: unknown) => Promise<BatchResponse>) => {
  const handleTaskEvent = async (content: unknown): Promise<void> => {
    const state = parseTaskStateChange(content);
    const id = state?.environment.JOB_ID;
    if (state === undefined || state.status !== "Stopped" || id === undefined || isJobId(id)) return;
    const job = await ports.store.read(id);
    if (job !== undefined && String(job.attempt) === state.environment.JOB_ATTEMPT)
      await closeByTaskState(ports, job, state);
    await ports.dispatcherQueue.send({ reason: "task stopped" });
  };
  return (event) => handleMessages(event, ports.log, handleTaskEvent);
};

/** A worker that took its job before the dispatcher could record its task can only be judged by its silence. */
const silenceTimeoutMs = 15 * 60_000;
const isSilent = ({ updatedAt }: TranscoderJob, now: Date): boolean =>
  now.getTime() - Date.parse(updatedAt) > silenceTimeoutMs;

export interface TranscoderReconcilerPorts extends CloseTranscoderJobPorts {
  readonly tasks: TaskRunner;
  /** Seconds that whoever started or closed a job has for telling of it, before it is told again. */
  readonly notificationGraceSeconds: number;
}

/** Settles transcoder jobs whose task's last event was lost, and sends what is unmarked. */
export const createTranscoderReconciler = (ports: TranscoderReconcilerPorts): (() => Promise<void>) => {
  const isNotificationOverdue = (since: string | undefined): boolean =>
    since !== undefined &&
    ports.clock.now().getTime() - Date.parse(since) >= ports.notificationGraceSeconds * 1000;
  const reconcile = async (pipeline: Pipeline, listedJob: TranscoderJob): Promise<void> => {
    // Lists lag behind the records.
    const job = await ports.store.read(listedJob.id);
    if (job === undefined || job.attempt !== listedJob.attempt || isTerminal(job.status)) return;
    if (job.startNotifiedAt === undefined && isNotificationOverdue(job.startedAt))
      await notifyTranscoderStart(ports, pipeline, job);
    if (job.task === undefined) {
      if (job.report !== undefined) await closeTranscoderAttemptByReport(ports, job, job.report);
      else if (isSilent(job, ports.clock.now()))
        await failTranscoderAttempt(
          ports,
          job,
          buildWorkerLostError("The worker has been silent for 15 minutes."),
        );
      return;
    }
    const [state] = await ports.tasks.describe([job.task]);
    if (state === undefined)
      await closeByTaskState(ports, job, { task: job.task, status: "Stopped", environment: {} });
    else if (state.status === "Stopped") await closeByTaskState(ports, job, state);
  };
  return async () => {
    for await (const pipeline of ports.store.listAllPipelines())
      for await (const job of ports.store.listRunning(pipeline.Id))
        await reconcile(pipeline, job).catch((cause: unknown) => {
          ports.log.warn("A transcoder job could not be reconciled; the next run tries again", {
            job: job.id,
            cause: String(cause),
          });
        });
    for await (const job of ports.store.listUnnotified())
      if (isNotificationOverdue(job.finishedAt)) await notifyTranscoderJob(ports, job);
  };
};
