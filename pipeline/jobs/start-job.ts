import { isTerminal } from "../attempts/job-status.ts";
import { JobFailure } from "../errors/job-error.ts";
import { StoreFailure } from "../ports/store-failure.ts";
import { TaskNotStarted } from "../ports/task-runner.ts";
import { closeJob } from "./close-job.ts";
import type { Job } from "./job.ts";
import { buildClientToken } from "./job-id.ts";
import type { JobPorts } from "./ports.ts";

/** Ports for starting a job. */
export type StartPorts = Pick<
  JobPorts,
  | "configuration"
  | "jobs"
  | "tasks"
  | "transcoder"
  | "pipelineId"
  | "jobsTable"
  | "notifier"
  | "topic"
  | "log"
  | "metrics"
>;

/** Longest value of UserMetadata (Elastic Transcoder developer guide, "Create job", UserMetadata). */
const maxUserMetadataLength = 256;

/** UserMetadata of the transcoder job of an attempt; `reelway-job` and `reelway-attempt` make it idempotent. */
const buildUserMetadata = (job: Job): Record<string, string> => {
  const entries = {
    "reelway-job": job.id,
    "reelway-attempt": String(job.attempt),
    "reelway-route": job.route ?? undefined,
    "reelway-version": job.source.versionId,
    "reelway-sequencer": job.source.sequencer,
    "reelway-modified": job.source.modifiedAt,
  };
  return Object.fromEntries(
    Object.entries(entries).flatMap(([name, value]) =>
      value === undefined || value.length > maxUserMetadataLength ? [] : [[name, value]],
    ),
  );
};

const startEngine = async (ports: StartPorts, job: Job): Promise<string> => {
  const { specification } = job;
  if (specification === null)
    throw new JobFailure(1000, `Job ${job.id} has no specification. Upload the file again.`);
  if (job.engine === "elastic-transcoder") {
    const output = specification.recipe.name === "transcode" ? specification.recipe.outputs[0] : undefined;
    if (output === undefined)
      throw new JobFailure(1000, `Job ${job.id} has no output for the transcoder. Check its route.`);
    const { id } = await ports.transcoder.createJob({
      pipelineId: ports.pipelineId,
      inputKey: job.source.key,
      outputKey: output.key,
      presetId: output.preset.Id,
      userMetadata: buildUserMetadata(job),
    });
    return id;
  }
  const { taskId } = await ports.tasks.run({
    clientToken: buildClientToken(job.id, job.attempt),
    environment: { JOB_ID: job.id, JOB_TABLE: ports.jobsTable, JOB_ATTEMPT: String(job.attempt) },
    size: ports.configuration.taskSizes[specification.recipe.name],
  });
  return taskId;
};

/** An unknown error counts as transient: the start is retried until the reconciler closes the job. */
const isTransient = (cause: unknown): boolean => {
  if (cause instanceof StoreFailure) return cause.retryable || cause.kind === "unknown";
  return cause instanceof TaskNotStarted || cause instanceof JobFailure ? cause.retryable : true;
};

/** Ports for stopping a job. */
export interface StopPorts {
  readonly tasks: Pick<JobPorts["tasks"], "stop">;
  readonly transcoder: Pick<JobPorts["transcoder"], "cancelJob">;
}

/** Stops the task or cancels the transcoder job of a job. */
export const stopEngine = async (
  ports: StopPorts,
  engine: Job["engine"],
  engineJobId: string,
  reason: string,
): Promise<void> => {
  if (engine === "elastic-transcoder") await ports.transcoder.cancelJob(engineJobId);
  else await ports.tasks.stop(engineJobId, reason);
};

/**
 * Starts the current attempt of a claimed job and records its engine job. The call can be repeated: the client token
 * and `reelway-job` return what was started before. A permanent failure closes the job as Error. If the job was
 * canceled in the meantime, its task or transcoder job is stopped.
 *
 * @throws TaskNotStarted and other errors that are transient
 */
export const startJob = async (ports: StartPorts, job: Job): Promise<void> => {
  let engineJobId: string;
  try {
    engineJobId = await startEngine(ports, job);
  } catch (cause) {
    if (cause instanceof TaskNotStarted && cause.isThrottled) ports.metrics.count("TasksThrottled");
    if (isTransient(cause)) throw cause;
    const failure =
      cause instanceof JobFailure
        ? cause
        : new JobFailure(1001, `The job could not be started: ${String(cause)}`, { cause });
    const outcome = {
      status: "Error",
      error: failure.toJobError(),
      detail: failure.message,
      unlessReported: true,
    } as const;
    await closeJob(ports, job.id, job.attempt, outcome);
    return;
  }
  if (await ports.jobs.recordStart(job.id, job.attempt, engineJobId)) return;
  const current = await ports.jobs.read(job.id);
  if (current === undefined || current.attempt !== job.attempt || isTerminal(current.status))
    await stopEngine(ports, job.engine, engineJobId, "the job was closed before its start was recorded");
};

/** True for a Submitted job whose current attempt is not started and whose `notBefore` has passed. */
export const isReadyToStart = (job: Job, now: Date): boolean =>
  job.status === "Submitted" &&
  job.engineJobId === undefined &&
  job.workerId === undefined &&
  (job.notBefore === undefined || Date.parse(job.notBefore) <= now.getTime());
