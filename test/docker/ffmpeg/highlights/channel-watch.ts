import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createChannelFetcher } from "../../../../adapters/aws/channel-fetcher.ts";
import { createMemoryAppearanceStore } from "../../../../adapters/local/memory-appearance-store.ts";
import { createRecordedDetector } from "../../../../adapters/local/recorded-detector.ts";
import { createFrameReader } from "../../../../docker/ffmpeg/highlights/frame-reader.ts";
import { createSegmentArchive } from "../../../../docker/ffmpeg/highlights/segment-archive.ts";
import { selectChannels } from "../../../../pipeline/configuration/channels-schema.ts";
import { parseConfiguration } from "../../../../pipeline/configuration/schema.ts";
import type { Appearance } from "../../../../pipeline/highlights/appearance.ts";
import type { AppearanceStore } from "../../../../pipeline/highlights/appearance-store.ts";
import { createKeyCache } from "../../../../pipeline/highlights/key-cache.ts";
import type { FrameReference } from "../../../../pipeline/highlights/segment.ts";
import { type WatchOptions, watchChannel } from "../../../../pipeline/highlights/watch-channel.ts";
import type { WatchPorts } from "../../../../pipeline/highlights/watch-ports.ts";
import type { LabelDetector } from "../../../../pipeline/ports/label-detector.ts";
import input from "../../../../reelway.config.ts";
import { type MediaPrograms, testLimits } from "../../../e2e/media-programs.ts";
import { createMemoryArchive } from "./memory-archive.ts";
import { rememberFrames } from "./remember-frames.ts";
import {
  type ShownPhotograph,
  type SimulatedChannelOptions,
  startSimulatedChannel,
} from "./simulated-channel.ts";

export const startMs = Date.UTC(2026, 10, 21, 12);
export const photographs: readonly ShownPhotograph[] = [
  { label: "Person", file: "astronaut.jpg", start: 4.3, end: 9.1 },
  { label: "Cup", file: "coffee.jpg", start: 12.51, end: 15.02 },
];

/** What a detector would answer: each photograph's label while it is shown. */
const recordTruth = (shown: readonly ShownPhotograph[]) =>
  createRecordedDetector(
    [0, ...shown.flatMap(({ start, end }) => [start, end])]
      .sort((a, b) => a - b)
      .map((time) => ({
        time,
        celebrities: [],
        labels: shown
          .filter(({ start, end }) => time >= start && time < end)
          .map(({ label }) => ({ name: label, confidence: 90, boxes: [] })),
      })),
    { startTime: startMs / 1000 },
  );

/** What differs from the channel of most tests. */
interface WatchChanges extends Partial<SimulatedChannelOptions> {
  /** Fields of its configuration. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Starts a channel of 20 s, and what watches it. */
export const openWatch = async (
  programs: MediaPrograms,
  cleanups: (() => Promise<unknown>)[],
  { settings, ...changes }: WatchChanges = {},
) => {
  const clock = { ms: startMs + 1000 };
  const live = await startSimulatedChannel(
    {
      programs,
      seconds: 20,
      frameRate: "30000/1001",
      segmentSeconds: 2,
      type: "mpegts",
      photographs,
      windowSize: 4,
      startMs,
      hasProgramDateTime: true,
      ...changes,
    },
    clock,
  );
  cleanups.push(() => live.close());
  const configuration = parseConfiguration({
    ...input,
    channels: [
      {
        name: "news",
        manifestUrl: live.manifestUrl,
        stages: ["local"],
        detector: "recorded",
        recordedDetections: "recorded.json",
        clipLabels: ["Person", "Cup"],
        maxGapSeconds: 1,
        ...settings,
      },
    ],
  });
  const [channel] = selectChannels(configuration.channels, "local");
  if (channel === undefined) throw new Error("The configuration has no channel.");
  const capabilities = await programs.capabilities();
  /** Opens an empty archive and an empty store at the start of the channel. */
  const openWatcher = async (shown: readonly ShownPhotograph[] = changes.photographs ?? photographs) => {
    clock.ms = startMs + 1000;
    live.requested.length = 0;
    const folder = await mkdtemp(join(tmpdir(), "reelway-watch-"));
    cleanups.push(() => rm(folder, { recursive: true, force: true }));
    const objects = createMemoryArchive();
    const domainClock = { now: () => new Date(clock.ms) };
    const store = createMemoryAppearanceStore(domainClock);
    const truth = recordTruth(shown);
    const calls: number[] = [];
    const detector: LabelDetector = {
      ...truth,
      detect: (request, signal) => {
        calls.push(request.timeSeconds);
        return truth.detect(request, signal);
      },
    };
    const started: Appearance[] = [];
    const ended: Appearance[] = [];
    let runs = 0;
    /** Watches until the channel ends or the deadline, or until `decorate` makes a port fail. */
    const run = async (
      decorate: (ports: WatchPorts) => WatchPorts = (ports) => ports,
      options: Partial<WatchOptions> = {},
    ) => {
      const fetcher = createChannelFetcher({ manifestUrl: live.manifestUrl, allowLoopback: true });
      const scratch = join(folder, "scratch");
      runs += 1;
      try {
        return await watchChannel(
          decorate({
            fetcher,
            archive: createSegmentArchive({
              fetcher,
              keys: createKeyCache(fetcher),
              objects,
              bucket: "archive",
              scratch,
            }),
            frames: rememberFrames(
              createFrameReader({
                objects,
                bucket: "archive",
                programs: programs.paths,
                capabilities,
                scratch,
                limits: testLimits,
                threads: 2,
                memoryBytes: totalmem(),
              }),
              objects,
              "archive",
              programs.build,
            ),
            detector,
            store,
            listener: {
              onStarted: async (appearance) => void started.push(appearance),
              onEnded: async (appearance) => void ended.push(appearance),
            },
            clock: domainClock,
            log: { info: () => undefined, warn: () => undefined, error: () => undefined },
          }),
          channel,
          {
            ownerId: `run-${runs}`,
            archivePrefix: "archive/",
            deadlineMs: startMs + 3_600_000,
            // A run that crashes before its first segment leaves no position.
            fromStart: true,
            wait: async (milliseconds) => {
              // Without a clock of the channel, polls are frequent, so that the arrival of the first segment is exact.
              clock.ms += changes.hasProgramDateTime === false ? 40 : milliseconds;
            },
            ...options,
          },
        );
      } finally {
        fetcher.close();
      }
    };
    return { store, run, calls, started, ended };
  };
  return { clock, live, openWatcher, ...(await openWatcher()) };
};

const firstFrameAtOrAfter = (seconds: number, frameRate: number): number =>
  Math.ceil(seconds * frameRate - 1e-6) / frameRate;

/** Expects the appearances of both photographs. */
export const expectTruth = async (
  store: AppearanceStore,
  frameRate: number,
  toleranceSeconds = 0.002,
): Promise<void> => {
  const { appearances } = await store.listAppearances("news");
  const toSeconds = ({ time }: FrameReference) => time - startMs / 1000;
  expect(appearances.map(({ label, status }) => [label, status])).to.deep.equal([
    ["Cup", "closed"],
    ["Person", "closed"],
  ]);
  for (const { label, start, end } of photographs) {
    const found = appearances.find((one) => one.label === label);
    if (found?.end === undefined) throw new Error(`${label} has no end.`);
    expect(toSeconds(found.start)).to.be.closeTo(firstFrameAtOrAfter(start, frameRate), toleranceSeconds);
    expect(toSeconds(found.end)).to.be.closeTo(firstFrameAtOrAfter(end, frameRate), toleranceSeconds);
  }
};
