import { setTimeout as pause } from "node:timers/promises";
import { removeVersions } from "../../adapters/aws/object-removal.ts";
import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import { buildFailedOutcome } from "../../pipeline/elastic-transcoder/jobs/job-outcome.ts";
import { formatError } from "../../pipeline/errors/errors.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import type { PlannedClip } from "./plan.ts";
import type { DeployedStage } from "./stage.ts";
import { findJob, type UploadedClip } from "./watch.ts";

/** What a run may have left in a stage. */
export interface RunArtifacts {
  readonly plannedClips: readonly PlannedClip[];
  readonly uploadedClips: readonly UploadedClip[];
  /** Key in the input bucket of a picture of the run's own. */
  readonly watermark?: string;
}
/** What became of it. */
export interface CleanUpResult {
  /** Versions of objects that are gone. */
  readonly removed: number;
  /** What is still there, and why, in sentences. */
  readonly remaining: readonly string[];
}

/** A worker looks every two seconds whether it is still wanted, and then takes back what it has published. */
const workerStopMs = 4000;
const maxRounds = 3;

/**
 * Cancels a job that has not ended: its worker then publishes nothing more. The reconciler tells of its end, as of
 * every end that was not told.
 */
const cancel = async (stage: DeployedStage, job: Job): Promise<void> => {
  const reason = "the smoke test gave it up";
  await stage.jobs.cancel(job.id, reason);
  if (job.engine !== "elastic-transcoder" || job.engineJobId === undefined) return;
  const transcoderJob = await stage.transcoder.read(job.engineJobId);
  if (transcoderJob === undefined || isTerminal(transcoderJob.status)) return;
  await stage.transcoder.closeJob(
    transcoderJob.id,
    transcoderJob.attempt,
    buildFailedOutcome(
      transcoderJob,
      new JobFailure(9000, `The job that this one was made for was cancelled: ${reason}.`).toJobError(),
    ),
  );
};

/** Cancels what has not ended; answers how many workers may still be letting go, and what could not be cancelled. */
const cancelAll = async (
  stage: DeployedStage,
  clips: readonly UploadedClip[],
): Promise<{ readonly runningWorkers: number; readonly remaining: readonly string[] }> => {
  const remaining: string[] = [];
  let runningWorkers = 0;
  for (const clip of clips)
    try {
      const job = await findJob(stage, clip);
      if (job === undefined || isTerminal(job.status)) continue;
      runningWorkers += 1;
      await cancel(stage, job);
    } catch (cause) {
      remaining.push(
        `The job of ${clip.key} could not be cancelled, so outputs may still appear under ${clip.outputPrefixes.join(", ")} of ${stage.deployment.outputBucket}: ${formatError(cause)}`,
      );
    }
  return { runningWorkers, remaining };
};

const deduplicate = (prefixes: readonly string[]): readonly string[] => [...new Set(prefixes)];

/** Prefixes in the two buckets that the run alone has used. */
const listPrefixes = (
  { inputBucket, outputBucket }: DeployedStage["deployment"],
  { plannedClips, watermark }: RunArtifacts,
): readonly (readonly [bucket: string, prefix: string])[] => [
  ...deduplicate([
    ...plannedClips.map(({ inputPrefix }) => inputPrefix),
    ...(watermark === undefined ? [] : [watermark]),
  ]).map((prefix) => [inputBucket, prefix] as const),
  ...deduplicate(plannedClips.flatMap(({ outputPrefixes }) => outputPrefixes)).map(
    (prefix) => [outputBucket, prefix] as const,
  ),
];

const purge = async (stage: DeployedStage, artifacts: RunArtifacts): Promise<CleanUpResult> => {
  let removed = 0;
  const remaining: string[] = [];
  for (const [bucket, prefix] of listPrefixes(stage.deployment, artifacts))
    try {
      const removal = await removeVersions(stage.s3, bucket, prefix);
      removed += removal.removedCount;
      for (const { key, versionId, reason } of removal.failures)
        remaining.push(
          `s3://${bucket}/${key}${versionId === undefined ? "" : ` (version ${versionId})`}: ${reason}`,
        );
    } catch (cause) {
      remaining.push(`What begins with s3://${bucket}/${prefix}: ${formatError(cause)}`);
    }
  return { removed, remaining };
};

/**
 * Takes everything back that a run has put into the stage; never throws. The jobs' records stay.
 *
 * @param delayMs milliseconds that workers have for letting go of cancelled jobs
 */
export const cleanUp = async (
  stage: DeployedStage,
  artifacts: RunArtifacts,
  delayMs = workerStopMs,
): Promise<CleanUpResult> => {
  const { runningWorkers, remaining } = await cancelAll(stage, artifacts.uploadedClips);
  let purgeResult = await purge(stage, artifacts);
  let { removed } = purgeResult;
  for (let round = 1; runningWorkers > 0 && round < maxRounds; round += 1) {
    await pause(delayMs);
    purgeResult = await purge(stage, artifacts);
    removed += purgeResult.removed;
    if (purgeResult.removed === 0) break;
  }
  return { removed, remaining: [...remaining, ...purgeResult.remaining] };
};
