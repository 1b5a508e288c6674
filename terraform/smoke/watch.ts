import { setTimeout as pause } from "node:timers/promises";
import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import type { TranscoderStore } from "../../pipeline/elastic-transcoder/jobs/transcoder-store.ts";
import { withEngineProgress } from "../../pipeline/jobs/engine-progress.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import { StoreFailure } from "../../pipeline/ports/failure.ts";
import { accessFailure } from "./aws-failure.ts";
import type { PlannedClip } from "./plan.ts";
import type { DeployedStage } from "./stage.ts";

/** A clip that lies in the input bucket. */
export interface UploadedClip extends PlannedClip {
  /** The clip on this machine. */
  readonly file: string;
  /** Id of the job it becomes; absent where the bucket has no versions, for the id then depends on S3's event. */
  readonly job?: string;
}
/** A clip and how far its job is; without a job where nothing has taken the clip. */
export interface WatchedClip extends UploadedClip {
  readonly found: Job | undefined;
}

type Records = Pick<DeployedStage, "jobs" | "deployment"> & {
  readonly transcoder: Pick<TranscoderStore, "read">;
};

const pollMilliseconds = 1000;

/** The job that a clip has become, as far as its engine is; undefined where nothing has taken the clip. */
export const findJob = async (
  { jobs, transcoder, deployment }: Records,
  clip: UploadedClip,
): Promise<Job | undefined> => {
  const job =
    clip.job === undefined
      ? (await jobs.bySource(deployment.inputBucket, clip.key)).find(({ route }) => route === clip.route.name)
      : await jobs.read(clip.job);
  if (job?.engine !== "elastic-transcoder" || job.engineJob === undefined) return job;
  return withEngineProgress(job, await transcoder.read(job.engineJob));
};

/** Looks again; what cannot be read just now stays as it was. */
const lookAgain = async (stage: Records, clip: WatchedClip): Promise<WatchedClip> => {
  if (clip.found !== undefined && isTerminal(clip.found.status)) return clip;
  try {
    return { ...clip, found: await findJob(stage, clip) };
  } catch (cause) {
    const failure = accessFailure(cause);
    if (failure !== undefined) throw failure;
    if (cause instanceof StoreFailure && cause.retryable) return clip;
    throw cause;
  }
};

const ended = ({ found }: WatchedClip): boolean => found !== undefined && isTerminal(found.status);

interface WatchOptions {
  /** How long the jobs may take. */
  readonly seconds: number;
  readonly signal: AbortSignal;
  /** Called with every reading of the jobs. */
  readonly onUpdate: (clips: readonly WatchedClip[]) => void;
}

/**
 * Reads the clips' jobs until all have ended, or the time is over.
 *
 * @throws UserError if the credentials expire; the signal's reason
 */
export const watchClips = async (
  stage: Records,
  clips: readonly UploadedClip[],
  { seconds, signal, onUpdate }: WatchOptions,
): Promise<readonly WatchedClip[]> => {
  const until = performance.now() + seconds * 1000;
  let watched: readonly WatchedClip[] = clips.map((clip) => ({ ...clip, found: undefined }));
  for (;;) {
    signal.throwIfAborted();
    watched = await Promise.all(watched.map((clip) => lookAgain(stage, clip)));
    onUpdate(watched);
    const left = until - performance.now();
    if (watched.every(ended) || left <= 0) return watched;
    await pause(Math.min(pollMilliseconds, left), undefined, { signal }).catch(() => signal.throwIfAborted());
  }
};
