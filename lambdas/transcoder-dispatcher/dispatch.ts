import { JobFailure } from "../../pipeline/job/error.ts";
import { clientToken } from "../../pipeline/job/id.ts";
import type { Clock, Log } from "../../pipeline/ports/services.ts";
import { TaskNotStarted, type TaskRunner } from "../../pipeline/ports/task-runner.ts";
import type { TranscoderStore } from "../../pipeline/ports/transcoder-store.ts";
import type { Pipeline, TranscoderJob } from "../../pipeline/transcoder/job.ts";
import { type EndTranscoderPorts, endTranscoderJob } from "../transcoder-events/end-job.ts";

export interface DispatcherPorts extends EndTranscoderPorts {
  readonly store: TranscoderStore;
  readonly tasks: TaskRunner;
  /** Name of the `transcoder` table, passed to the workers. */
  readonly transcoderTable: string;
  /** Jobs of one pipeline at once. */
  readonly concurrency: number;
  readonly clock: Clock;
  readonly log: Log;
}

const running = async (store: TranscoderStore): Promise<Map<string, number>> => {
  const counts = new Map<string, number>();
  for await (const job of store.all("Progressing"))
    counts.set(job.pipelineId, (counts.get(job.pipelineId) ?? 0) + 1);
  return counts;
};

/** Starts one job's current attempt; false where no more can be started now. */
const start = async (ports: DispatcherPorts, job: TranscoderJob): Promise<boolean> => {
  try {
    const { task } = await ports.tasks.run({
      clientToken: clientToken(job.id, job.attempt),
      environment: { JOB_ID: job.id, JOB_TABLE: ports.transcoderTable, JOB_ATTEMPT: String(job.attempt) },
    });
    await ports.store.recordTask(job.id, job.attempt, task);
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
    const counts = await running(ports.store);
    const pipelines = new Map<string, Pipeline | undefined>();
    let started = 0;
    for await (const job of ports.store.all("Submitted")) {
      if (job.task !== undefined) {
        counts.set(job.pipelineId, (counts.get(job.pipelineId) ?? 0) + 1);
        continue;
      }
      if (job.notBefore !== undefined && Date.parse(job.notBefore) > ports.clock.now().getTime()) continue;
      if (!pipelines.has(job.pipelineId))
        pipelines.set(job.pipelineId, await ports.store.readPipeline(job.pipelineId));
      if (pipelines.get(job.pipelineId)?.Status !== "Active") continue;
      const active = counts.get(job.pipelineId) ?? 0;
      if (active >= ports.concurrency) continue;
      if (!(await start(ports, job))) break;
      counts.set(job.pipelineId, active + 1);
      started += 1;
    }
    return { started };
  };
