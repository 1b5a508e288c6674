import {
  computeDeferral,
  type Deferral,
  getDeferralDelays,
  isOwnLimit,
  type Refusal,
} from "../attempts/deferral.ts";
import { isTerminal } from "../attempts/job-status.ts";
import { JobFailure } from "../errors/job-error.ts";
import { unquoteEtag } from "../ports/etag.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import { StoreFailure } from "../ports/store-failure.ts";
import { type StartRefusal, TaskNotStarted } from "../ports/task-runner.ts";
import { getOwnerId } from "../uploads/user-metadata.ts";
import { selectJobMetadata } from "./build-job.ts";
import { closeJob } from "./close-job.ts";
import type { Job } from "./job.ts";
import { buildClientToken } from "./job-id.ts";
import type { JobPorts } from "./ports.ts";
import { buildReadRefusedFailure, headUpload } from "./source-access.ts";
import { checkSourceSize } from "./source-size.ts";
import { isShortOfCapacity, runTaskRate } from "./task-starts.ts";

/** Ports for starting a job. */
export type StartPorts = Pick<
  JobPorts,
  | "configuration"
  | "jobs"
  | "reader"
  | "tasks"
  | "taskStarts"
  | "transcoder"
  | "pipelineId"
  | "jobsTable"
  | "notifier"
  | "topic"
  | "clock"
  | "log"
  | "metrics"
> & {
  readonly objects: Pick<ObjectStore, "head">;
};

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
    ...(isShortOfCapacity(job) ? { capacity: "on-demand" as const } : {}),
  });
  return taskId;
};

/** What to do about a failed start: a refusal defers the job, a permanent failure closes it. */
const classifyFailure = (cause: unknown): StartRefusal => {
  if (cause instanceof TaskNotStarted) return cause.refusal;
  if (cause instanceof JobFailure) return cause.retryable ? "unknown" : "invalid-request";
  if (!(cause instanceof StoreFailure)) return "unknown";
  if (cause.kind === "invalid") return "invalid-request";
  return cause.kind === "denied" ? "permission" : "unknown";
};

const toReason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

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

/** Result of a start. */
export type StartResult =
  /** The job has a task or a transcoder job, or is closed. */
  | "started"
  /** The job waits. */
  | "waiting"
  /** The job waits for a slot of the hour; a job that has one could start. */
  | "no-slot"
  /** The job waits, and the start of any other job would be refused too. */
  | "stop";

/** Ports for deferring a job. */
export type DeferPorts = Pick<JobPorts, "configuration" | "jobs" | "clock" | "metrics">;

/** Marks that newer jobs of the route wait for this one. */
const markBacklog = async ({ jobs }: DeferPorts, { route }: Job): Promise<void> => {
  if (route !== null) await jobs.markBacklog(route);
};

/** Records why a job waits. Does not write the same again, so that a long wait costs no writes. */
const recordWait = async (
  { jobs, metrics }: DeferPorts,
  { id, attempt, deferral: previous, notBefore: previousTime }: Job,
  { deferral, notBefore }: { readonly deferral: Deferral; readonly notBefore: string },
): Promise<void> => {
  if (isOwnLimit(deferral.cause) && previous?.cause === deferral.cause && previousTime === notBefore) return;
  metrics.count("JobsDeferred");
  await jobs.defer(id, attempt, { deferral, notBefore, detail: deferral.reason });
};

/** Defers a job because of one of Reelway's own limits, which never makes it fail. */
const waitForLimit = async (
  ports: DeferPorts,
  job: Job,
  refusal: Refusal,
  notBefore = job.createdAt,
): Promise<void> => {
  await markBacklog(ports, job);
  const { count = 0, since } = job.deferral ?? {};
  const deferral = { ...refusal, count, ...(since === undefined ? {} : { since }) };
  await recordWait(ports, job, { deferral, notBefore });
};

/**
 * Takes a slot of the current clock hour (UTC) for a job that has none. Over `maxJobsPerHour`, the job waits for the
 * next hour.
 *
 * @returns `waiting` if another caller starts it
 */
export const takeSlot = async (
  ports: DeferPorts,
  job: Job,
): Promise<"taken" | Extract<StartResult, "no-slot" | "waiting">> => {
  if (job.hourSlot !== undefined) return "taken";
  const { maxJobsPerHour } = ports.configuration.limits;
  const hour = ports.clock.now().toISOString().slice(0, 13);
  if (await ports.jobs.takeHourlySlot(hour, maxJobsPerHour))
    return (await ports.jobs.recordSlot(job.id, job.attempt, hour)) ? "taken" : "waiting";
  const nextHour = new Date(Date.parse(`${hour}:00:00Z`) + 3_600_000).toISOString();
  const reason = `The limit of ${maxJobsPerHour} jobs per hour (maxJobsPerHour) is reached.`;
  await waitForLimit(ports, job, { cause: "hourly-limit", reason }, nextHour);
  return "no-slot";
};

/** Closes a job that can never be started as it is. */
const closeUnstarted = async (
  ports: StartPorts,
  { id, attempt }: Job,
  failure: JobFailure,
): Promise<StartResult> => {
  const error = failure.toJobError();
  const outcome = { status: "Error", error, detail: failure.message, unlessReported: true } as const;
  await closeJob(ports, id, attempt, outcome);
  return "started";
};

/** Handles a start that failed. */
const handleRefusal = async (ports: StartPorts, job: Job, cause: unknown): Promise<StartResult> => {
  const refusal = classifyFailure(cause);
  if (refusal === "invalid-request")
    return closeUnstarted(
      ports,
      job,
      cause instanceof JobFailure
        ? cause
        : new JobFailure(1001, `The job could not be started: ${toReason(cause)}`, { cause }),
    );
  if (refusal === "rate") ports.metrics.count("TasksThrottled");
  ports.log.warn("The start of a job was refused; the reconciler tries again", {
    jobId: job.id,
    refusal,
    error: cause,
  });
  const delays = getDeferralDelays(ports.configuration.limits.retryBackoffSeconds);
  const decision = computeDeferral(
    job.deferral,
    { cause: refusal, reason: toReason(cause) },
    ports.clock.now(),
    delays,
    Math.random(),
  );
  if (decision.kind === "expired") {
    ports.metrics.count("JobsExpired");
    return closeUnstarted(ports, job, decision.failure);
  }
  if (isOwnLimit(refusal)) await markBacklog(ports, job);
  await recordWait(ports, job, decision);
  return cause instanceof TaskNotStarted && cause.stopsRun ? "stop" : "waiting";
};

/** Takes a token for RunTask. @param wait see `startJob` */
const takeToken = async (
  { taskStarts }: StartPorts,
  wait: ((milliseconds: number) => Promise<boolean>) | undefined,
): Promise<boolean> => {
  for (;;) {
    const milliseconds = await taskStarts.take("run-task", runTaskRate);
    if (milliseconds === 0) return true;
    if (wait === undefined || !(await wait(milliseconds))) return false;
  }
};

/**
 * Completes a job whose upload could not be read when it was claimed.
 *
 * @returns the job, or the result of its start if it cannot be started now
 */
const completeSource = async (ports: StartPorts, job: Job): Promise<Job | StartResult> => {
  if (job.specification?.isMetadataUnknown !== true) return job;
  const { bucket, key } = job.source;
  let head: Awaited<ReturnType<typeof headUpload>>;
  try {
    head = await headUpload(ports.objects, job.source);
  } catch (cause) {
    return handleRefusal(ports, job, cause);
  }
  if (head === undefined || head instanceof StoreFailure) {
    const failure =
      head === undefined
        ? new JobFailure(3001, `Object ${key} no longer exists in bucket ${bucket}. Upload it again.`)
        : buildReadRefusedFailure(job.source, job.id, head, ports.reader);
    return closeUnstarted(ports, job, failure);
  }
  const { bytes, etag = unquoteEtag(head.etag), modifiedAt = head.modifiedAt } = job.source;
  const source = { ...job.source, bytes: bytes === 0 ? head.bytes : bytes, etag, modifiedAt };
  try {
    checkSourceSize(source, ports.configuration.limits);
  } catch (failure) {
    if (!(failure instanceof JobFailure)) throw failure;
    return closeUnstarted(ports, job, failure);
  }
  const { isMetadataUnknown: _, ...known } = job.specification;
  const specification = { ...known, metadata: selectJobMetadata(head.metadata) };
  const ownerId = getOwnerId(head.metadata);
  return (
    (await ports.jobs.completeSource(job.id, job.attempt, { source, specification, ownerId })) ?? "waiting"
  );
};

/**
 * Starts the current attempt of a claimed job and records its engine job. The call can be repeated: the client token
 * and `reelway-job` return what was started before. The job waits if a limit is reached or AWS refuses the start; only a
 * specification that can never be started, or refusals for 72 hours, close it as Error. If the job was canceled in the
 * meantime, its task or transcoder job is stopped.
 *
 * @param wait waits for the next start that the rate of RunTask allows, false if there is no time; absent: the job waits
 * @throws failures of the job store
 */
export const startJob = async (
  ports: StartPorts,
  claimedJob: Job,
  wait?: (milliseconds: number) => Promise<boolean>,
): Promise<StartResult> => {
  const job = await completeSource(ports, claimedJob);
  if (typeof job === "string") return job;
  const slot = await takeSlot(ports, job);
  if (slot !== "taken") return slot;
  if (job.engine === "ffmpeg" && !(await takeToken(ports, wait))) {
    const reason = `Reelway starts at most ${runTaskRate.perSecond} tasks per second.`;
    await waitForLimit(ports, job, { cause: "rate", reason });
    return "stop";
  }
  let engineJobId: string;
  try {
    engineJobId = await startEngine(ports, job);
  } catch (cause) {
    return handleRefusal(ports, job, cause);
  }
  if (await ports.jobs.recordStart(job.id, job.attempt, engineJobId)) return "started";
  const current = await ports.jobs.read(job.id);
  if (current === undefined || current.attempt !== job.attempt || isTerminal(current.status))
    await stopEngine(ports, job.engine, engineJobId, "the job was closed before its start was recorded");
  return "started";
};

/** Starts a new job, unless older jobs of its route wait: then it waits for its turn. */
export const startInTurn = async (ports: StartPorts, job: Job): Promise<void> => {
  if (job.route === null || !(await ports.jobs.hasBacklog(job.route))) {
    await startJob(ports, job);
    return;
  }
  const reason = `Older jobs of the route ${job.route} wait.`;
  if (job.deferral === undefined) await waitForLimit(ports, job, { cause: "turn", reason });
};

/** True for a Submitted job whose current attempt is not started and whose `notBefore` has passed. */
export const isReadyToStart = (job: Job, now: Date): boolean =>
  job.status === "Submitted" &&
  job.engineJobId === undefined &&
  job.workerId === undefined &&
  (job.notBefore === undefined || Date.parse(job.notBefore) <= now.getTime());
