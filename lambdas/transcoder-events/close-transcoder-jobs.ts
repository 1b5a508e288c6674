import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import { buildWorkerLostError } from "../../pipeline/attempts/task-outcome.ts";
import {
  type CloseTranscoderJobPorts,
  createTranscoderAttemptCloser,
} from "../../pipeline/elastic-transcoder/jobs/close-transcoder-attempt.ts";
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
 * Creates the handler that closes transcoder jobs after state changes of their tasks. They arrive directly or in SQS
 * messages, whose failures are reported individually. Other tasks are ignored.
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

/** If a worker's task is not recorded, only missing progress for this long shows that it has failed. */
const silenceTimeoutMs = 15 * 60_000;
const isSilent = ({ updatedAt }: TranscoderJob, now: Date): boolean =>
  now.getTime() - Date.parse(updatedAt) > silenceTimeoutMs;

export interface TranscoderReconcilerPorts extends CloseTranscoderJobPorts {
  readonly tasks: TaskRunner;
  /** Seconds after the start or the end of a job before a missing notification is sent. */
  readonly notificationGraceSeconds: number;
}

/**
 * Creates the reconciler of transcoder jobs. It closes jobs whose task's last event was lost and sends missing
 * notifications.
 */
export const createTranscoderReconciler = (ports: TranscoderReconcilerPorts): (() => Promise<void>) => {
  const isNotificationOverdue = (since: string | undefined): boolean =>
    since !== undefined &&
    ports.clock.now().getTime() - Date.parse(since) >= ports.notificationGraceSeconds * 1000;
  const closer = createTranscoderAttemptCloser(ports);
  const reconcile = async (pipeline: Pipeline, listedJob: TranscoderJob): Promise<void> => {
    // Indexes are eventually consistent.
    const job = await ports.store.read(listedJob.id);
    if (job === undefined || job.attempt !== listedJob.attempt || isTerminal(job.status)) return;
    if (job.startNotifiedAt === undefined && isNotificationOverdue(job.startedAt))
      await notifyTranscoderStart(ports, pipeline, job);
    if (job.taskId === undefined) {
      if (job.report !== undefined) await closer.closeByReport(job, job.report);
      else if (isSilent(job, ports.clock.now()))
        await closer.fail(job, buildWorkerLostError("The worker sent no progress for 15 minutes."));
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
          ports.log.warn("Reconciling a transcoder job failed; the next run retries it", {
            transcoderJobId: job.id,
            error: cause,
          });
        });
    for await (const job of ports.store.listUnnotified())
      if (isNotificationOverdue(job.finishedAt)) await notifyTranscoderJob(ports, job);
  };
};
