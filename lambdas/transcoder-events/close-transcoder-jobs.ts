import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import { buildWorkerLostError } from "../../pipeline/attempts/task-outcome.ts";
import {
  type CloseTranscoderJobPorts,
  createTranscoderAttemptCloser,
} from "../../pipeline/elastic-transcoder/jobs/close-attempt.ts";
import type { Pipeline, TranscoderJob } from "../../pipeline/elastic-transcoder/jobs/job.ts";
import {
  notifyTranscoderJob,
  notifyTranscoderStart,
} from "../../pipeline/elastic-transcoder/jobs/notify-job.ts";
import { type BatchResponse, handleMessages } from "../../pipeline/events/sqs-messages.ts";
import { parseTaskStateChange } from "../../pipeline/events/task-state-change.ts";
import { isJobId } from "../../pipeline/jobs/job-id.ts";
import type { Queue } from "../../pipeline/ports/queue.ts";
import type { TaskRunner } from "../../pipeline/ports/task-runner.ts";

export interface TranscoderEventsPorts extends CloseTranscoderJobPorts {
  /** Receives a message after every stopped task. */
  readonly dispatcherQueue: Queue;
}

/**
 * Closes transcoder jobs by the state changes of their tasks, by themselves or as messages of a queue, whose failures
 * are answered one by one; other tasks are passed over.
 */
export const createTranscoderEventsHandler = (
  ports: TranscoderEventsPorts,
): ((event: unknown) => Promise<BatchResponse>) => {
  const closer = createTranscoderAttemptCloser(ports);
  const handleTaskEvent = async (content: unknown): Promise<void> => {
    const state = parseTaskStateChange(content);
    const id = state?.environment.JOB_ID;
    if (state === undefined || state.status !== "Stopped" || id === undefined || isJobId(id)) return;
    const job = await ports.store.read(id);
    if (job !== undefined && String(job.attempt) === state.environment.JOB_ATTEMPT)
      await closer.closeByTask(job, state, job.taskId ?? state.taskId);
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
  /** Seconds after the start or the end of a job before its missing notification is sent again. */
  readonly notificationGraceSeconds: number;
}

/** Closes transcoder jobs whose task's last event was lost, and sends what is unmarked. */
export const createTranscoderReconciler = (ports: TranscoderReconcilerPorts): (() => Promise<void>) => {
  const isNotificationOverdue = (since: string | undefined): boolean =>
    since !== undefined &&
    ports.clock.now().getTime() - Date.parse(since) >= ports.notificationGraceSeconds * 1000;
  const closer = createTranscoderAttemptCloser(ports);
  const reconcile = async (pipeline: Pipeline, listedJob: TranscoderJob): Promise<void> => {
    // Lists lag behind the records.
    const job = await ports.store.read(listedJob.id);
    if (job === undefined || job.attempt !== listedJob.attempt || isTerminal(job.status)) return;
    if (job.startNotifiedAt === undefined && isNotificationOverdue(job.startedAt))
      await notifyTranscoderStart(ports, pipeline, job);
    if (job.taskId === undefined) {
      if (job.report !== undefined) await closer.closeByReport(job, job.report);
      else if (isSilent(job, ports.clock.now()))
        await closer.fail(job, buildWorkerLostError("The worker has been silent for 15 minutes."));
      return;
    }
    const [state] = await ports.tasks.describe([job.taskId]);
    if (state === undefined)
      await closer.closeByTask(job, { taskId: job.taskId, status: "Stopped", environment: {} }, job.taskId);
    else if (state.status === "Stopped") await closer.closeByTask(job, state, job.taskId);
  };
  return async () => {
    for await (const pipeline of ports.store.listAllPipelines())
      for await (const job of ports.store.listRunning(pipeline.Id))
        await reconcile(pipeline, job).catch((cause: unknown) => {
          ports.log.warn("A transcoder job could not be reconciled; the next run tries again", {
            transcoderJobId: job.id,
            error: cause,
          });
        });
    for await (const job of ports.store.listUnnotified())
      if (isNotificationOverdue(job.finishedAt)) await notifyTranscoderJob(ports, job);
  };
};
