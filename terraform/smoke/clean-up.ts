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

/** Objects and jobs that a run may have created in a stage. */
export interface RunArtifacts {
  readonly plannedClips: readonly PlannedClip[];
  readonly uploadedClips: readonly UploadedClip[];
  /** Key of the run's own watermark image in the input bucket. */
  readonly watermark?: string;
}
/** Result of `cleanUp`. */
export interface CleanUpResult {
  /** Number of deleted object versions. */
  readonly removed: number;
  /** Objects that could not be deleted and why, one sentence each. */
  readonly remaining: readonly string[];
}

/** Milliseconds for workers to stop. A worker checks every ten seconds whether its job was canceled, then removes its outputs. */
const workerStopMs = 12_000;
const maxRounds = 3;

/**
 * Cancels a job that has not ended, so that its worker publishes nothing more. The reconciler sends the notification of
 * its end.
 */
const cancel = async (stage: DeployedStage, job: Job): Promise<void> => {
  const reason = "canceled by the smoke test";
  await stage.jobs.cancel(job.id, reason);
  if (job.engine !== "elastic-transcoder" || job.engineJobId === undefined) return;
  const transcoderJob = await stage.transcoder.read(job.engineJobId);
  if (transcoderJob === undefined || isTerminal(transcoderJob.status)) return;
  await stage.transcoder.closeJob(
    transcoderJob.id,
    transcoderJob.attempt,
    buildFailedOutcome(
      transcoderJob,
      new JobFailure(9000, `The Reelway job of this transcoder job was canceled: ${reason}.`).toJobError(),
    ),
  );
};

/** Cancels all jobs that have not ended; returns the number of workers that may still run, and a sentence per failure. */
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
        `The job of ${clip.key} could not be canceled, so outputs may still appear under ${clip.outputPrefixes.join(", ")} of ${stage.deployment.outputBucket}: ${formatError(cause)}`,
      );
    }
  return { runningWorkers, remaining };
};

const deduplicate = (prefixes: readonly string[]): readonly string[] => [...new Set(prefixes)];

/** Lists the prefixes in both buckets that only this run has used. */
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
      remaining.push(`Objects with the prefix s3://${bucket}/${prefix}: ${formatError(cause)}`);
    }
  return { removed, remaining };
};

/**
 * Cancels the jobs of a run and deletes all its objects. Never throws. The job records stay.
 *
 * @param delayMs time for the workers of canceled jobs to stop
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
