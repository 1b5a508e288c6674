import { setTimeout as pause } from "node:timers/promises";
import { toAccessError } from "../../adapters/aws/aws-error.ts";
import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import type { TranscoderStore } from "../../pipeline/elastic-transcoder/jobs/transcoder-store.ts";
import { withEngineProgress } from "../../pipeline/jobs/engine-progress.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import type { PlannedClip } from "./plan.ts";
import type { DeployedStage } from "./stage.ts";

/** A clip in the input bucket. */
export interface UploadedClip extends PlannedClip {
  /** Local path of the clip. */
  readonly file: string;
  /** Id of its job; undefined for a bucket without versioning, because the id then depends on S3's event. */
  readonly jobId?: string;
}
/** A clip with its job; undefined until a job is created. */
export interface WatchedClip extends UploadedClip {
  readonly job: Job | undefined;
}

type StageRecords = Pick<DeployedStage, "jobs" | "deployment"> & {
  readonly transcoder: Pick<TranscoderStore, "read">;
};

const pollIntervalMs = 1000;

/** Reads a clip's job with the progress of its engine; undefined if no job exists yet. */
export const findJob = async (
  { jobs, transcoder, deployment }: StageRecords,
  clip: UploadedClip,
): Promise<Job | undefined> => {
  const job =
    clip.jobId === undefined
      ? (await jobs.findBySource(deployment.inputBucket, clip.key)).find(
          ({ route }) => route === clip.route.name,
        )
      : await jobs.read(clip.jobId);
  if (job?.engine !== "elastic-transcoder" || job.engineJobId === undefined) return job;
  return withEngineProgress(job, await transcoder.read(job.engineJobId));
};

/** Reads a clip's job again; keeps the last state after a transient error. */
const refreshClip = async (stage: StageRecords, clip: WatchedClip): Promise<WatchedClip> => {
  if (clip.job !== undefined && isTerminal(clip.job.status)) return clip;
  try {
    return { ...clip, job: await findJob(stage, clip) };
  } catch (cause) {
    const failure = toAccessError(cause);
    if (failure !== undefined) throw failure;
    if (cause instanceof StoreFailure && cause.retryable) return clip;
    throw cause;
  }
};

/** Refusals by AWS after which a job is not awaited any more, although its start would be tried for days. */
const maxRefusals = 3;

const hasEnded = ({ job }: WatchedClip): boolean =>
  job !== undefined && (isTerminal(job.status) || (job.deferral?.count ?? 0) >= maxRefusals);

interface WatchOptions {
  /** Time limit for all jobs. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
  /** Called after each poll of the jobs. */
  readonly onUpdate: (clips: readonly WatchedClip[]) => void;
}

/**
 * Polls the clips' jobs until all have ended, AWS has refused the start of the others three times, or the time limit is
 * reached.
 *
 * @throws CommandError if the credentials expire; the signal's reason
 */
export const watchClips = async (
  stage: StageRecords,
  clips: readonly UploadedClip[],
  { timeoutSeconds, signal, onUpdate }: WatchOptions,
): Promise<readonly WatchedClip[]> => {
  const deadlineMs = performance.now() + timeoutSeconds * 1000;
  let watchedClips: readonly WatchedClip[] = clips.map((clip) => ({ ...clip, job: undefined }));
  for (;;) {
    signal.throwIfAborted();
    watchedClips = await Promise.all(watchedClips.map((clip) => refreshClip(stage, clip)));
    onUpdate(watchedClips);
    const remainingMs = deadlineMs - performance.now();
    if (watchedClips.every(hasEnded) || remainingMs <= 0) return watchedClips;
    await pause(Math.min(pollIntervalMs, remainingMs), undefined, { signal }).catch(() =>
      signal.throwIfAborted(),
    );
  }
};
