import {
  type CloseTranscoderJobPorts,
  createTranscoderAttemptCloser,
} from "../../pipeline/elastic-transcoder/jobs/close-transcoder-attempt.ts";
import type { Pipeline, TranscoderJob } from "../../pipeline/elastic-transcoder/jobs/job.ts";
import { notifyTranscoderStart } from "../../pipeline/elastic-transcoder/jobs/notify-job.ts";
import type { TranscoderStore } from "../../pipeline/elastic-transcoder/jobs/transcoder-store.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import { type BatchResponse, isMessageBatch } from "../../pipeline/events/sqs-messages.ts";
import { buildClientToken } from "../../pipeline/jobs/job-id.ts";
import { isShortOfCapacity, runTaskRate } from "../../pipeline/jobs/task-starts.ts";
import type { Clock } from "../../pipeline/ports/clock.ts";
import type { Logger } from "../../pipeline/ports/logger.ts";
import type { TaskSize } from "../../pipeline/ports/task-runner.ts";
import { TaskNotStarted, type TaskRunner } from "../../pipeline/ports/task-runner.ts";
import type { TokenBucket } from "../../pipeline/ports/token-bucket.ts";

export interface DispatcherPorts extends CloseTranscoderJobPorts {
  readonly store: TranscoderStore;
  readonly tasks: TaskRunner;
  readonly taskStarts: TokenBucket;
  /** Name of the `transcoder` table, passed to the workers. */
  readonly transcoderTable: string;
  /** Size of every task. */
  readonly size: TaskSize;
  /** Maximum running jobs per pipeline. */
  readonly maxConcurrentJobs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Counts the running jobs of a pipeline, up to the limit. */
const countRunning = async (store: TranscoderStore, pipelineId: string, limit: number): Promise<number> => {
  let count = 0;
  for await (const _ of store.listRunning(pipelineId)) {
    count += 1;
    if (count === limit) break;
  }
  return count;
};

/** Starts a job's current attempt. `stop`: no other job can be started now. */
const startAttempt = async (
  ports: DispatcherPorts,
  pipeline: Pipeline,
  job: TranscoderJob,
): Promise<"started" | "refused" | "stop"> => {
  if ((await ports.taskStarts.take("run-task", runTaskRate)) > 0) return "stop";
  try {
    const { taskId } = await ports.tasks.run({
      clientToken: buildClientToken(job.id, job.attempt),
      environment: { JOB_ID: job.id, JOB_TABLE: ports.transcoderTable, JOB_ATTEMPT: String(job.attempt) },
      size: ports.size,
      ...(isShortOfCapacity(job) ? { capacity: "on-demand" as const } : {}),
    });
    const started = await ports.store.recordTask(job.id, job.attempt, taskId);
    if (started !== undefined) await notifyTranscoderStart(ports, pipeline, started);
    return "started";
  } catch (cause) {
    if (!(cause instanceof TaskNotStarted)) throw cause;
    const { refusal: reason, message, stopsRun } = cause;
    const closer = createTranscoderAttemptCloser(ports);
    if (reason === "invalid-request") {
      await closer.fail(job, new JobFailure(9000, message).toJobError());
      return "refused";
    }
    ports.log.warn("The start of a transcoder job was refused", { transcoderJobId: job.id, error: cause });
    // The job is pending already: a refusal because of the rate changes nothing.
    if (reason === "rate") ports.metrics.count("TasksThrottled");
    else await closer.defer(job, { cause: reason, reason: message });
    return stopsRun ? "stop" : "refused";
  }
};

/**
 * Creates the dispatcher. It starts the oldest Submitted jobs of Active pipelines, up to each pipeline's limit.
 * Concurrent runs are safe: the client token returns the first task.
 */
export const createDispatcher =
  (ports: DispatcherPorts): (() => Promise<{ readonly started: number }>) =>
  async () => {
    let started = 0;
    for await (const pipeline of ports.store.listAllPipelines()) {
      if (pipeline.Status !== "Active") continue;
      let freeSlots =
        ports.maxConcurrentJobs - (await countRunning(ports.store, pipeline.Id, ports.maxConcurrentJobs));
      if (freeSlots === 0) continue;
      for await (const job of ports.store.listPending(pipeline.Id)) {
        if (job.notBefore !== undefined && Date.parse(job.notBefore) > ports.clock.now().getTime()) continue;
        const result = await startAttempt(ports, pipeline, job);
        if (result === "stop") return { started };
        if (result === "refused") continue;
        started += 1;
        freeSlots -= 1;
        if (freeSlots === 0) break;
      }
    }
    return { started };
  };

/**
 * Creates the Lambda handler of the dispatcher. A batch of queue messages only wakes it; their content is ignored, and
 * a failure returns the whole batch to the queue. Any other event is its schedule: then jobs whose task's last event
 * was lost are closed first, because they use slots of pending jobs.
 *
 * @param reconcile from `createTranscoderReconciler`
 */
export const createDispatcherHandler =
  (dispatch: ReturnType<typeof createDispatcher>, reconcile: () => Promise<void>) =>
  async (event: unknown): Promise<{ readonly started: number } & BatchResponse> => {
    const [reconciled] = await Promise.allSettled([isMessageBatch(event) ? undefined : reconcile()]);
    const { started } = await dispatch();
    if (reconciled.status === "rejected") throw reconciled.reason;
    return { started, batchItemFailures: [] };
  };
