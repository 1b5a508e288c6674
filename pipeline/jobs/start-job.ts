import { JobFailure } from "../job/error.ts";
import { clientToken } from "../job/id.ts";
import type { Job } from "../job/job.ts";
import { TaskNotStarted } from "../ports/task-runner.ts";
import { finishJob } from "./finish-job.ts";
import type { JobPorts } from "./ports.ts";

export type StartPorts = Pick<
  JobPorts,
  "jobs" | "tasks" | "transcoder" | "pipelineId" | "jobsTable" | "notifier" | "topic" | "log"
>;

/** UserMetadata of the transcoder job of an attempt; `reelway-job` and `reelway-attempt` make it idempotent. */
const userMetadata = (job: Job): Record<string, string> => ({
  "reelway-job": job.id,
  "reelway-attempt": String(job.attempt),
  "reelway-route": job.route ?? "",
  ...(job.source.versionId === undefined ? {} : { "reelway-version": job.source.versionId }),
  ...(job.source.sequencer === undefined ? {} : { "reelway-sequencer": job.source.sequencer }),
  ...(job.source.modifiedAt === undefined ? {} : { "reelway-modified": job.source.modifiedAt }),
});

const startEngine = async (ports: StartPorts, job: Job): Promise<string> => {
  const { specification } = job;
  if (specification?.recipe.name === "transcode" && job.engine === "elastic-transcoder") {
    const output = specification.recipe.outputs[0];
    if (output === undefined) throw new JobFailure(1000, `Job ${job.id} has no output.`);
    const { id } = await ports.transcoder.createJob({
      pipelineId: ports.pipelineId,
      inputKey: job.source.key,
      outputKey: output.key,
      presetId: output.preset.Id,
      userMetadata: userMetadata(job),
    });
    return id;
  }
  const { task } = await ports.tasks.run({
    clientToken: clientToken(job.id, job.attempt),
    environment: { JOB_ID: job.id, JOB_TABLE: ports.jobsTable, JOB_ATTEMPT: String(job.attempt) },
  });
  return task;
};

const retryable = (cause: unknown): boolean =>
  cause instanceof TaskNotStarted || cause instanceof JobFailure ? cause.retryable : true;

/**
 * Starts a claimed job's current attempt and notes its engine job. Safe to repeat: the client token and
 * `reelway-job` answer what was started before. A start that can never succeed ends the job as an Error.
 *
 * @throws TaskNotStarted and the like where another try may succeed
 */
export const startJob = async (ports: StartPorts, job: Job): Promise<void> => {
  let engineJob: string;
  try {
    engineJob = await startEngine(ports, job);
  } catch (cause) {
    if (retryable(cause)) throw cause;
    const failure =
      cause instanceof JobFailure
        ? cause
        : new JobFailure(9000, `The job could not be started: ${String(cause)}`, { cause });
    await finishJob(ports, job.id, job.attempt, {
      status: "Error",
      error: failure.toJSON(),
      detail: failure.message,
    });
    return;
  }
  await ports.jobs.recordStart(job.id, job.attempt, engineJob);
};
