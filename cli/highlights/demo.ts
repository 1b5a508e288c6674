import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import { channelsSchema } from "../../pipeline/configuration/channels-schema.ts";
import type { Configuration } from "../../pipeline/configuration/configuration.ts";
import { localStage } from "../../pipeline/configuration/selected-stages.ts";
import { CommandError } from "../../pipeline/errors/errors.ts";
import type { Appearance } from "../../pipeline/highlights/appearance.ts";
import { recordingManifestName } from "../../pipeline/highlights/playlist/build-recording-playlist.ts";
import * as z from "../../pipeline/schema/z.ts";
import { formatSeconds, toPrintable } from "../../pipeline/text/format.ts";
import { defaultDataFolder, resolveDataFolder } from "../../runtime/data-folder.ts";
import {
  demoAppearances,
  demoDetections,
  demoSeconds,
  encodeDemoChannel,
} from "../../runtime/highlights/demo-channel.ts";
import { type LiveOrigin, serveLiveOrigin } from "../../runtime/highlights/live-origin.ts";
import { requireMediaPrograms } from "../../runtime/media-programs.ts";
import { type Runtime, startRuntime } from "../../runtime/runtime.ts";
import { resetFolder } from "../demo/reset-folder.ts";
import { renderBars } from "../render/bars.ts";
import { openDisplay } from "../render/display.ts";
import { compareAppearances, type DemoComparison, readJob } from "./demo-comparison.ts";

/** Options of `runHighlightsDemo`. */
export interface HighlightsDemoOptions {
  readonly configuration: Configuration;
  /** `recorded` takes what a detector without errors would find. */
  readonly detector: "human" | "recorded";
  readonly report: (line: string) => void;
  readonly signal: AbortSignal;
  /** Presents the result. The runtime is closed when it returns. */
  readonly present: (outcome: HighlightsDemoOutcome) => void | Promise<void>;
}
/** What the demo has found. */
export interface HighlightsDemoOutcome extends DemoComparison {
  readonly detector: HighlightsDemoOptions["detector"];
  /** Archived segments. */
  readonly segments: number;
  readonly detections: number;
  readonly outputFolder: string;
  /** The runtime, which serves the page. */
  readonly runtime: Pick<Runtime, "port" | "failureSignal">;
}

const channelName = "demo";
const pollMs = 500;
/** Segments of the channel that exist when the runtime starts: the first poll finds a playlist. */
const leadMs = 2500;
/** How long the last detections and clips may take after the end of the channel. */
const finishTimeoutMs = 120_000;

/** A channel that this machine watches. */
const buildChannel = (manifestUrl: string, { detector }: HighlightsDemoOptions, detections: string) =>
  z.parse(channelsSchema, [
    {
      name: channelName,
      manifestUrl,
      stages: [localStage],
      detector,
      ...(detector === "recorded" ? { recordedDetections: detections } : {}),
      clipLabels: [...new Set(demoAppearances.map(({ label }) => label))],
    },
  ]);

/** Reads the appearances of the channel, oldest first. */
const listAppearances = async ({ channels }: Runtime): Promise<readonly Appearance[]> =>
  (await channels.store.listAppearances(channelName, { limit: 100 })).appearances.toReversed();

const count = async (records: AsyncIterable<unknown>): Promise<number> => {
  let total = 0;
  for await (const _ of records) total += 1;
  return total;
};

const countDetections = (runtime: Runtime, { startMs, endMs }: DemoPeriod): Promise<number> =>
  count(
    runtime.channels.store.listDetections(channelName, { fromTime: startMs / 1000, toTime: endMs / 1000 }),
  );

/** Epoch milliseconds of the start and the end of the channel. */
interface DemoPeriod {
  readonly startMs: number;
  readonly endMs: number;
}

/** Whether each appearance has ended, and what becomes of its clip is known. */
const areClipped = async (runtime: Runtime, appearances: readonly Appearance[]): Promise<boolean> => {
  for (const { status, clip, clipJobId } of appearances) {
    if (status === "open") return false;
    if (clip !== undefined) continue;
    const job = clipJobId === undefined ? undefined : await readJob(runtime, clipJobId);
    if (job === undefined || !isTerminal(job.job.status)) return false;
  }
  return true;
};

/** Shows the progress of the channel until it has ended and its clips are made. */
const watch = async (
  runtime: Runtime,
  { startMs, endMs }: DemoPeriod,
  signal: AbortSignal,
): Promise<readonly Appearance[]> => {
  const display = await openDisplay(process.stderr);
  try {
    for (;;) {
      const { status } = await runtime.channels.store.readChannel(channelName);
      const appearances = await listAppearances(runtime);
      const seconds = Math.min(demoSeconds, Math.max(0, (Date.now() - startMs) / 1000));
      const detections = await countDetections(runtime, { startMs, endMs });
      const open = appearances.filter((one) => one.status === "open").map(({ label }) => label);
      const phase = `${formatSeconds(Math.floor(seconds))} of ${demoSeconds} s, ${detections} detections`;
      display.update(
        renderBars(
          [
            { label: "channel", percent: (100 * seconds) / demoSeconds, phase },
            {
              label: "appearances",
              percent: (100 * appearances.length) / demoAppearances.length,
              phase: open.length > 0 ? `on now: ${open.join(", ")}` : `${appearances.length} found`,
            },
          ],
          display.getSize(),
        ),
        appearances.map(
          ({ label, start, end }) =>
            `${label} ${end === undefined ? "starts" : "ends"} at ${((end ?? start).time - startMs / 1000).toFixed(2)} s`,
        ),
      );
      if (status?.name === "ended" && (await areClipped(runtime, appearances))) return appearances;
      if (Date.now() > endMs + finishTimeoutMs)
        throw new CommandError(
          `The channel ended ${finishTimeoutMs / 1000} s ago, and the demo is not finished. ${status?.message ?? "It was never watched."}`,
        );
      await pause(pollMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  } finally {
    display.close();
  }
};

/** Watches the channel in a runtime of its own and presents what was found. */
const watchInRuntime = async (
  root: string,
  origin: LiveOrigin,
  startMs: number,
  detections: string,
  options: HighlightsDemoOptions,
): Promise<void> => {
  const runtime = await startRuntime({
    directory: root,
    port: 0,
    // A demo is no event for anyone else.
    configuration: {
      ...options.configuration,
      webhooks: [],
      channels: buildChannel(origin.manifestUrl, options, detections),
    },
    onNotice: (line) => options.report(toPrintable(line)),
    signal: options.signal,
  });
  try {
    options.report(`Page:  http://127.0.0.1:${runtime.port}/highlights`);
    const period = { startMs, endMs: origin.endMs };
    const signal = AbortSignal.any([options.signal, runtime.failureSignal]);
    const appearances = await watch(runtime, period, signal);
    await options.present({
      detector: options.detector,
      segments: await count(runtime.channels.store.listSegments(channelName, {})),
      detections: await countDetections(runtime, period),
      ...(await compareAppearances(runtime, appearances, startMs)),
      outputFolder: resolveDataFolder(root).output,
      runtime,
    });
  } finally {
    await runtime.close();
  }
};

/**
 * Makes a live channel on loopback that shows photographs at known times, watches it in a separate runtime and presents
 * what was found.
 *
 * @throws CommandError if the runtime cannot start, or the channel is not watched to its end
 */
export const runHighlightsDemo = async (options: HighlightsDemoOptions): Promise<void> => {
  const root = resolve(join(defaultDataFolder, "demo-highlights"));
  const { ffmpeg } = requireMediaPrograms();
  await resetFolder(root);
  const recording = join(root, "channel");
  options.report("Generating a channel …");
  await encodeDemoChannel(ffmpeg, recording, options.signal);
  const startMs = Date.now() - leadMs;
  const detections = join(root, "detections.json");
  const frames = demoDetections.map(({ time, ...frame }) => ({ ...frame, time: startMs / 1000 + time }));
  await writeFile(detections, JSON.stringify({ frames }));
  const origin = await serveLiveOrigin(recording, { startMs });
  try {
    options.report(
      `Watching ${origin.manifestUrl} for ${formatSeconds(demoSeconds)} (${origin.segmentCount} segments of ${recordingManifestName}) …`,
    );
    await watchInRuntime(root, origin, startMs, detections, options);
  } finally {
    await origin.close();
  }
};
