import type { Pipeline, TranscoderJob } from "../../pipeline/elastic-transcoder/jobs/job.ts";
import type { TranscoderStore } from "../../pipeline/elastic-transcoder/jobs/transcoder-store.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import { type BatchResponse, isMessageBatch } from "../../pipeline/events/messages.ts";
import { clientToken } from "../../pipeline/jobs/job-id.ts";
import type { Clock, Log } from "../../pipeline/ports/services.ts";
import type { TaskSize } from "../../pipeline/ports/task-runner.ts";
import { TaskNotStarted, type TaskRunner } from "../../pipeline/ports/task-runner.ts";
import {
  type EndTranscoderPorts,
  endTranscoderJob,
  notifyTranscoderStart,
} from "../transcoder-events/end-job.ts";

export interface DispatcherPorts extends EndTranscoderPorts {
  readonly store: TranscoderStore;
  readonly tasks: TaskRunner;
  /** Name of the `transcoder` table, passed to the workers. */
  readonly transcoderTable: string;
  /** Of every task. */
  readonly size: TaskSize;
  /** Jobs of one pipeline at once. */
  readonly concurrency: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** How many jobs of a pipeline run, counted no further than the limit. */
const countRunning = async (store: TranscoderStore, pipelineId: string, limit: number): Promise<number> => {
  let count = 0;
  for await (const _ of store.running(pipelineId)) {
    count += 1;
    if (count === limit) break;
  }
  return count;
};

/** Starts one job's current attempt; false where no more can be started now. */
const start = async (ports: DispatcherPorts, pipeline: Pipeline, job: TranscoderJob): Promise<boolean> => {
  try {
    const { task } = await ports.tasks.run({
      clientToken: clientToken(job.id, job.attempt),
      environment: { JOB_ID: job.id, JOB_TABLE: ports.transcoderTable, JOB_ATTEMPT: String(job.attempt) },
      size: ports.size,
    });
    const started = await ports.store.recordTask(job.id, job.attempt, task);
    if (started !== undefined) await notifyTranscoderStart(ports, pipeline, started);
    return true;
  } catch (cause) {
    if (!(cause instanceof TaskNotStarted)) throw cause;
    if (cause.retryable) {
      ports.log.warn("A transcoder job waits for capacity", { job: job.id, cause: cause.message });
      return false;
    }
    await endTranscoderJob(ports, job, new JobFailure(9000, cause.message).toJSON());
    return true;
  }
};

/**
 * Starts the oldest Submitted jobs of Active pipelines, up to each pipeline's limit. Two at once do no harm: the
 * client token answers the first task.
 */
export const createDispatcher =
  (ports: DispatcherPorts): (() => Promise<{ readonly started: number }>) =>
  async () => {
    let started = 0;
    for await (const pipeline of ports.store.pipelines()) {
      if (pipeline.Status !== "Active") continue;
      let free = ports.concurrency - (await countRunning(ports.store, pipeline.Id, ports.concurrency));
      if (free === 0) continue;
      for await (const job of ports.store.waiting(pipeline.Id)) {
        if (job.notBefore !== undefined && Date.parse(job.notBefore) > ports.clock.now().getTime()) continue;
        if (!(await start(ports, pipeline, job))) return { started };
        started += 1;
        free -= 1;
        if (free === 0) break;
      }
    }
    return { started };
  };

/**
 * The dispatcher as Lambda calls it. A batch of its queue's messages only says that there may be work, whatever is in
 * them: one failure gives them all back. Anything else is its schedule, on which jobs are settled first that lost
 * their task's last event, for they hold places of those that wait.
 *
 * @param reconcile of `createTranscoderReconciler`
 */
export const createDispatcherFunction =
  (dispatch: ReturnType<typeof createDispatcher>, reconcile: () => Promise<void>) =>
  async (event: unknown): Promise<{ readonly started: number } & BatchResponse> => {
    const [reconciled] = await Promise.allSettled([isMessageBatch(event) ? undefined : reconcile()]);
    const { started } = await dispatch();
    if (reconciled.status === "rejected") throw reconciled.reason;
    return { started, batchItemFailures: [] };
  };
