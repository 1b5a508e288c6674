import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import type { Configuration } from "../../pipeline/configuration/configuration.ts";
import { formatSeconds } from "../../pipeline/text/format.ts";
import { accessFailure } from "./aws-failure.ts";
import { checkStage } from "./check-stage.ts";
import { type CleanUp, cleanUp } from "./clean-up.ts";
import { inspectJob, type SmokeResult } from "./inspect.ts";
import { planClips } from "./plan.ts";
import { findDeployment, openStage } from "./stage.ts";
import { makeClips, uploadClip, uploadWatermark } from "./upload.ts";
import { type UploadedClip, type WatchedClip, watchClips } from "./watch.ts";
import { unfinished } from "./where-to-look.ts";

interface SmokeOptions {
  readonly configuration: Configuration;
  readonly stage: string;
  /** Names of routes; all where there are none. */
  readonly routes: readonly string[];
  /** Minutes the jobs may take. */
  readonly timeout: number;
  /** Leaves everything in the stage. */
  readonly keep: boolean;
  /** Paths of the programs on this machine. */
  readonly programs: { readonly ffmpeg: string; readonly ffprobe: string };
  readonly say: (line: string) => void;
  /** Called with every reading of the jobs. */
  readonly onUpdate: (clips: readonly WatchedClip[]) => void;
  readonly signal: AbortSignal;
}
/** What came of a run. */
export interface SmokeOutcome {
  readonly region: string;
  readonly results: readonly SmokeResult[];
  /** Why it is no success, besides jobs that have failed by themselves; in sentences. */
  readonly problems: readonly string[];
  /** What the run has put into the stage and could not take back. */
  readonly left: readonly string[];
}

const sayCleanUp = ({ removed, left }: CleanUp, say: SmokeOptions["say"]): void => {
  say(
    `Deleted ${removed} object version${removed === 1 ? "" : "s"}; the jobs' records stay until they expire.`,
  );
  if (left.length === 0) return;
  say("This could not be taken back; delete it yourself:");
  for (const one of left) say(`  - ${one}`);
};

/**
 * Takes a clip of each route through a deployed stage and looks at what came of it, then takes everything back.
 *
 * @throws WrongUsage for an unknown stage or route; CommandFailed where the stage cannot be used; the signal's reason
 */
export const runSmoke = async (options: SmokeOptions): Promise<SmokeOutcome> => {
  const { configuration, say, signal } = options;
  const name = `smoke-${randomBytes(5).toString("hex")}`;
  const deployment = findDeployment(configuration, options.stage);
  const planned = planClips(configuration, options.routes, name);
  const { programs } = options;
  const stage = openStage(deployment);
  const folder = await mkdtemp(join(tmpdir(), "reelway-smoke-"));
  const uploaded: UploadedClip[] = [];
  let watermark: string | undefined;
  let touched = false;
  const takeBack = async (): Promise<readonly string[]> => {
    if (!touched) return [];
    if (options.keep) {
      say(`Kept: what holds ${name} in ${deployment.inputBucket} and ${deployment.outputBucket}.`);
      return [];
    }
    say("Cleaning up …");
    const done = await cleanUp(stage, {
      planned,
      uploaded,
      ...(watermark === undefined ? {} : { watermark }),
    });
    sayCleanUp(done, say);
    return done.left;
  };

  const work = async (): Promise<Omit<SmokeOutcome, "left" | "region">> => {
    const files = await makeClips(planned, { ffmpeg: programs.ffmpeg, folder, signal });
    touched = true;
    watermark = await uploadWatermark(stage, planned, name, { ffmpeg: programs.ffmpeg, folder, signal });
    for (const [clip, file] of files) {
      signal.throwIfAborted();
      uploaded.push(await uploadClip(stage, clip, file, watermark));
    }
    const watched = await watchClips(stage, uploaded, {
      seconds: options.timeout * 60,
      signal,
      onUpdate: options.onUpdate,
    });
    const { maxSourceMinutes, maxVideoPixels, maxImagePixels } = configuration.limits;
    const results: SmokeResult[] = [];
    const problems: string[] = [];
    for (const [index, clip] of watched.entries()) {
      const { found: job, route, key } = clip;
      if (job === undefined || !isTerminal(job.status))
        problems.push(unfinished(stage, { route, key, job }, options.timeout));
      if (job === undefined) continue;
      const inspected = await inspectJob(stage, clip, job, {
        ffprobe: programs.ffprobe,
        limits: { maxSourceMinutes, maxVideoPixels, maxImagePixels },
        scratch: join(folder, String(index)),
        signal,
      });
      results.push(inspected.result);
      problems.push(...inspected.problems);
    }
    return { results, problems };
  };

  try {
    const caller = await checkStage(stage);
    say(`Stage ${deployment.stage} in ${deployment.region}, as ${caller}; everything is named ${name}.`);
    say(`Each job may take until ${formatSeconds(options.timeout * 60)} have passed.`);
    try {
      const outcome = await work();
      return { ...outcome, region: deployment.region, left: await takeBack() };
    } catch (cause) {
      await takeBack();
      throw accessFailure(cause) ?? cause;
    }
  } finally {
    stage.close();
    await rm(folder, { recursive: true, force: true });
  }
};
