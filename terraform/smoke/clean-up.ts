import { setTimeout as pause } from "node:timers/promises";
import { removeVersions } from "../../adapters/aws/object-removal.ts";
import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import { failedEnd } from "../../pipeline/elastic-transcoder/jobs/ends.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import { oneLine } from "../../pipeline/errors/user-error.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import type { PlannedClip } from "./plan.ts";
import type { DeployedStage } from "./stage.ts";
import { findJob, type UploadedClip } from "./watch.ts";

/** What a run may have left in a stage. */
export interface Leavings {
  readonly planned: readonly PlannedClip[];
  readonly uploaded: readonly UploadedClip[];
  /** Key in the input bucket of a picture of the run's own. */
  readonly watermark?: string;
}
/** What became of it. */
export interface CleanUp {
  /** Versions of objects that are gone. */
  readonly removed: number;
  /** What is still there, and why, in sentences. */
  readonly left: readonly string[];
}

/** A worker looks every two seconds whether it is still wanted, and then takes back what it has published. */
const letGoMilliseconds = 4000;
const mostRounds = 3;

/**
 * Cancels a job that has not ended: its worker then publishes nothing more. The reconciler tells of its end, as of
 * every end that was not told.
 */
const cancel = async (stage: DeployedStage, job: Job): Promise<void> => {
  const reason = "the smoke test gave it up";
  await stage.jobs.cancel(job.id, reason);
  if (job.engine !== "elastic-transcoder" || job.engineJob === undefined) return;
  const engine = await stage.transcoder.read(job.engineJob);
  if (engine === undefined || isTerminal(engine.status)) return;
  await stage.transcoder.close(
    engine.id,
    engine.attempt,
    failedEnd(
      engine,
      new JobFailure(9000, `The job that this one was made for was cancelled: ${reason}.`).toJSON(),
    ),
  );
};

/** Cancels what has not ended; answers how many workers may still be letting go, and what could not be cancelled. */
const cancelAll = async (
  stage: DeployedStage,
  clips: readonly UploadedClip[],
): Promise<{ readonly busy: number; readonly left: readonly string[] }> => {
  const left: string[] = [];
  let busy = 0;
  for (const clip of clips)
    try {
      const job = await findJob(stage, clip);
      if (job === undefined || isTerminal(job.status)) continue;
      busy += 1;
      await cancel(stage, job);
    } catch (cause) {
      left.push(
        `The job of ${clip.key} could not be cancelled, so outputs may still appear under ${clip.outputPrefixes.join(", ")} of ${stage.deployment.outputBucket}: ${oneLine(cause)}`,
      );
    }
  return { busy, left };
};

const once = (prefixes: readonly string[]): readonly string[] => [...new Set(prefixes)];

/** Prefixes in the two buckets that the run alone has used. */
const places = (
  { inputBucket, outputBucket }: DeployedStage["deployment"],
  { planned, watermark }: Leavings,
): readonly (readonly [bucket: string, prefix: string])[] => [
  ...once([
    ...planned.map(({ inputPrefix }) => inputPrefix),
    ...(watermark === undefined ? [] : [watermark]),
  ]).map((prefix) => [inputBucket, prefix] as const),
  ...once(planned.flatMap(({ outputPrefixes }) => outputPrefixes)).map(
    (prefix) => [outputBucket, prefix] as const,
  ),
];

const purge = async (stage: DeployedStage, leavings: Leavings): Promise<CleanUp> => {
  let removed = 0;
  const left: string[] = [];
  for (const [bucket, prefix] of places(stage.deployment, leavings))
    try {
      const done = await removeVersions(stage.s3, bucket, prefix);
      removed += done.removed;
      for (const { key, versionId, why } of done.kept)
        left.push(`s3://${bucket}/${key}${versionId === undefined ? "" : ` (version ${versionId})`}: ${why}`);
    } catch (cause) {
      left.push(`What begins with s3://${bucket}/${prefix}: ${oneLine(cause)}`);
    }
  return { removed, left };
};

/**
 * Takes everything back that a run has put into the stage; never throws. The jobs' records stay.
 *
 * @param patience milliseconds that workers have for letting go of cancelled jobs
 */
export const cleanUp = async (
  stage: DeployedStage,
  leavings: Leavings,
  patience = letGoMilliseconds,
): Promise<CleanUp> => {
  const { busy, left } = await cancelAll(stage, leavings.uploaded);
  let purged = await purge(stage, leavings);
  let { removed } = purged;
  for (let round = 1; busy > 0 && round < mostRounds; round += 1) {
    await pause(patience);
    purged = await purge(stage, leavings);
    removed += purged.removed;
    if (purged.removed === 0) break;
  }
  return { removed, left: [...left, ...purged.left] };
};
