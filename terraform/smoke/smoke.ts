import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { imageProgram } from "../../build/package-directory.ts";
import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import type { Configuration } from "../../pipeline/configuration/configuration.ts";
import { formatSeconds } from "../../pipeline/text/format.ts";
import { findDeployment } from "../deployment/find-deployment.ts";
import { checkChannels } from "./check-channels.ts";
import { checkSite } from "./check-site.ts";
import { checkStage } from "./check-stage.ts";
import { type CleanUpResult, cleanUp } from "./clean-up.ts";
import { inspectJob, type SmokeResult } from "./inspect.ts";
import { planClips } from "./plan.ts";
import { openStage } from "./stage.ts";
import { describeUnfinished } from "./troubleshooting.ts";
import { makeClips, uploadClip, uploadWatermark } from "./upload.ts";
import { type UploadedClip, type WatchedClip, watchClips } from "./watch.ts";

interface SmokeOptions {
  readonly configuration: Configuration;
  readonly stage: string;
  /** Names of routes; empty for all. */
  readonly routes: readonly string[];
  /** Time limit for all jobs. */
  readonly timeoutMinutes: number;
  /** Whether to keep clips and outputs in the buckets. */
  readonly keepObjects: boolean;
  /** Local paths of the programs. */
  readonly programs: { readonly ffmpeg: string; readonly ffprobe: string };
  readonly report: (line: string) => void;
  /** Called after each poll of the jobs. */
  readonly onUpdate: (clips: readonly WatchedClip[]) => void;
  readonly signal: AbortSignal;
}
/** Result of `runSmoke`. */
export interface SmokeOutcome {
  readonly region: string;
  readonly results: readonly SmokeResult[];
  /** Problems other than failed jobs, one sentence each. */
  readonly problems: readonly string[];
  /** Objects that could not be deleted, one sentence each. */
  readonly remaining: readonly string[];
}

const printCleanUp = ({ removed, remaining }: CleanUpResult, report: SmokeOptions["report"]): void => {
  report(
    `Deleted ${removed} object version${removed === 1 ? "" : "s"}; the job records stay until they expire.`,
  );
  if (remaining.length === 0) return;
  report("Could not delete the following; delete them manually:");
  for (const one of remaining) report(`  - ${one}`);
};

/**
 * Checks the site and the channels of a deployed stage, processes one clip per route, checks the outputs, and deletes clips and outputs.
 *
 * @throws UsageError for an unknown stage or route; CommandError if the stage cannot be used; the signal's reason
 */
export const runSmoke = async (options: SmokeOptions): Promise<SmokeOutcome> => {
  const { configuration, report, signal } = options;
  const name = `smoke-${randomBytes(5).toString("hex")}`;
  const deployment = findDeployment(configuration, options.stage);
  const plannedClips = planClips(configuration, options.routes, name);
  const { programs } = options;
  const stage = openStage(deployment);
  const folder = await mkdtemp(join(tmpdir(), "reelway-smoke-"));
  const uploadedClips: UploadedClip[] = [];
  let watermarkKey: string | undefined;
  let hasUploaded = false;
  const removeObjects = async (): Promise<readonly string[]> => {
    if (!hasUploaded) return [];
    if (options.keepObjects) {
      report(
        `Kept the objects with ${name} in their key in ${deployment.inputBucket} and ${deployment.outputBucket}.`,
      );
      return [];
    }
    report("Cleaning up …");
    const result = await cleanUp(stage, {
      plannedClips,
      uploadedClips,
      ...(watermarkKey === undefined ? {} : { watermark: watermarkKey }),
    });
    printCleanUp(result, report);
    return result.remaining;
  };

  const runClips = async (): Promise<Omit<SmokeOutcome, "remaining" | "region">> => {
    const files = await makeClips(plannedClips, { ffmpeg: programs.ffmpeg, folder, signal });
    hasUploaded = true;
    watermarkKey = await uploadWatermark(stage, plannedClips, name, {
      ffmpeg: programs.ffmpeg,
      folder,
      signal,
    });
    for (const [clip, file] of files) {
      signal.throwIfAborted();
      uploadedClips.push(await uploadClip(stage, clip, file, watermarkKey));
    }
    const watchedClips = await watchClips(stage, uploadedClips, {
      timeoutSeconds: options.timeoutMinutes * 60,
      signal,
      onUpdate: options.onUpdate,
    });
    const { maxSourceMinutes, maxVideoPixels, maxImagePixels } = configuration.limits;
    const results: SmokeResult[] = [];
    const problems: string[] = [];
    for (const [index, clip] of watchedClips.entries()) {
      const { job, route, key } = clip;
      if (job === undefined || !isTerminal(job.status))
        problems.push(describeUnfinished(stage, { route, key, job }, options.timeoutMinutes));
      if (job === undefined) continue;
      const inspection = await inspectJob(stage, clip, job, {
        ffprobe: programs.ffprobe,
        imageProgram,
        limits: { maxSourceMinutes, maxVideoPixels, maxImagePixels },
        scratch: join(folder, String(index)),
        signal,
      });
      results.push(inspection.result);
      problems.push(...inspection.problems);
    }
    return { results, problems };
  };

  try {
    const caller = await checkStage(stage);
    report(
      `Testing stage ${deployment.stage} in ${deployment.region} as ${caller}; all keys contain ${name}.`,
    );
    const stageProblems = [
      ...(await checkSite(stage, { report, signal })),
      ...(await checkChannels(stage, configuration, { report })),
    ];
    report(`Time limit for all jobs: ${formatSeconds(options.timeoutMinutes * 60)}.`);
    try {
      const outcome = await runClips();
      return {
        ...outcome,
        problems: [...stageProblems, ...outcome.problems],
        region: deployment.region,
        remaining: await removeObjects(),
      };
    } catch (cause) {
      await removeObjects();
      throw cause;
    }
  } finally {
    stage.close();
    await rm(folder, { recursive: true, force: true });
  }
};
