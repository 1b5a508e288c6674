import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createChannelFetcher } from "../../../../adapters/aws/channel-fetcher.ts";
import { createMemoryAppearanceStore } from "../../../../adapters/local/memory-appearance-store.ts";
import { createLocalObjectStore } from "../../../../adapters/local/object-store.ts";
import { createRecordedDetector } from "../../../../adapters/local/recorded-detector.ts";
import { createFrameReader } from "../../../../docker/ffmpeg/highlights/frame-reader.ts";
import { createSegmentArchive } from "../../../../docker/ffmpeg/highlights/segment-archive.ts";
import { selectChannels } from "../../../../pipeline/configuration/channels-schema.ts";
import { parseConfiguration } from "../../../../pipeline/configuration/schema.ts";
import type { Appearance } from "../../../../pipeline/highlights/appearance.ts";
import type { AppearanceStore } from "../../../../pipeline/highlights/appearance-store.ts";
import { leaseSeconds } from "../../../../pipeline/highlights/channel-lease.ts";
import { createKeyCache } from "../../../../pipeline/highlights/key-cache.ts";
import type { FrameReference } from "../../../../pipeline/highlights/segment.ts";
import { watchChannel } from "../../../../pipeline/highlights/watch-channel.ts";
import type { LabelDetector } from "../../../../pipeline/ports/label-detector.ts";
import input from "../../../../reelway.config.ts";
import { type MediaPrograms, testLimits } from "../../../e2e/media-programs.ts";
import {
  type ShownPhotograph,
  type SimulatedChannelOptions,
  startSimulatedChannel,
} from "./simulated-channel.ts";

const startMs = Date.UTC(2026, 10, 21, 12);
const photographs: readonly ShownPhotograph[] = [
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

/** Thrown by every port after a crash. */
class Crash extends Error {}

export const describeWatch = (open: () => MediaPrograms): void => {
  const programs = open();

  describe(`the watcher of a channel with ${programs.build}`, () => {
    const cleanups: (() => Promise<unknown>)[] = [];
    afterEach(async () => {
      for (const cleanUp of cleanups.splice(0).reverse()) await cleanUp();
    });

    const openWatch = async (changes: Partial<SimulatedChannelOptions> = {}) => {
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
      const folder = await mkdtemp(join(tmpdir(), "reelway-watch-"));
      cleanups.push(
        () => rm(folder, { recursive: true, force: true }),
        () => rm(live.folder, { recursive: true, force: true }),
        () => live.close(),
      );
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
          },
        ],
      });
      const [channel] = selectChannels(configuration.channels, "local");
      if (channel === undefined) throw new Error("The configuration has no channel.");
      const objects = createLocalObjectStore({ directory: join(folder, "objects") });
      const domainClock = { now: () => new Date(clock.ms) };
      const store = createMemoryAppearanceStore(domainClock);
      const truth = recordTruth(photographs);
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
      const capabilities = await programs.capabilities();
      let runs = 0;
      /** Watches until the channel ends, or until `decorate` makes a port fail. */
      const run = async (decorate: (all: AppearanceStore) => AppearanceStore = (all) => all) => {
        const fetcher = createChannelFetcher({ manifestUrl: live.manifestUrl, allowLoopback: true });
        const scratch = join(folder, "scratch");
        runs += 1;
        try {
          return await watchChannel(
            {
              fetcher,
              archive: createSegmentArchive({
                fetcher,
                keys: createKeyCache(fetcher),
                objects,
                bucket: "archive",
                scratch,
              }),
              frames: createFrameReader({
                objects,
                bucket: "archive",
                programs: programs.paths,
                capabilities,
                scratch,
                limits: testLimits,
                threads: 2,
                memoryBytes: totalmem(),
              }),
              detector,
              store: decorate(store),
              listener: {
                onStarted: async (appearance) => void started.push(appearance),
                onEnded: async (appearance) => void ended.push(appearance),
              },
              clock: domainClock,
              log: { info: () => undefined, warn: () => undefined, error: () => undefined },
            },
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
            },
          );
        } finally {
          fetcher.close();
        }
      };
      return { clock, live, store, run, calls, started, ended };
    };

    const firstFrameAtOrAfter = (seconds: number, frameRate: number): number =>
      Math.ceil(seconds * frameRate - 1e-6) / frameRate;

    const expectTruth = async (
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

    const cases = [
      ["MPEG-TS at 29.97 frames/s", { type: "mpegts", frameRate: "30000/1001" }, 30_000 / 1001],
      ["fragmented MP4 at 25 frames/s", { type: "fmp4", frameRate: "25" }, 25],
      ["a channel without program date-time", { hasProgramDateTime: false, frameRate: "25" }, 25],
    ] as const;
    for (const [title, changes, frameRate] of cases)
      it(`finds appearances to the frame in ${title}, and reads each segment once`, async () => {
        const { live, store, run, calls, started, ended } = await openWatch(changes);

        expect(await run()).to.equal("ended");

        // Without its own clock, a channel has that of the arrival of its first segment.
        await expectTruth(store, frameRate, "hasProgramDateTime" in changes ? 1 / frameRate : 0.002);
        expect(started.map(({ label }) => label)).to.deep.equal(["Person", "Cup"]);
        expect(ended.map(({ label }) => label)).to.deep.equal(["Person", "Cup"]);
        const segments = live.requested.filter((name) => name.startsWith("s"));
        expect(segments).to.deep.equal(
          Array.from(
            { length: live.segmentCount },
            (_, index) => `s${index}.${"type" in changes && changes.type === "fmp4" ? "m4s" : "ts"}`,
          ),
        );
        expect(new Set(calls).size).to.equal(calls.length);
      });

    it("reads a segment again whose request failed", async () => {
      const { live, store, run } = await openWatch({
        getStatus: (name, request) => (name === "s3.ts" && request === 1 ? 503 : 200),
      });

      expect(await run()).to.equal("ended");

      await expectTruth(store, 30_000 / 1001);
      expect(live.requested.filter((name) => name === "s3.ts")).to.have.length(2);
      expect(new Set(live.requested).size).to.equal(live.segmentCount);
    });

    it("waits for the channel while another run holds it", async () => {
      const { clock, live, store, run } = await openWatch();
      const lease = await store.acquireLease("news", "another run", 3);
      const waitedFrom = clock.ms;

      expect(await run()).to.equal("ended");

      expect(lease).to.not.equal(undefined);
      expect(clock.ms - waitedFrom).to.be.greaterThan(3000);
      expect(live.requested).to.have.length(live.segmentCount);
    });

    it("skips a segment that does not exist, and no other", async () => {
      const { live, store, run } = await openWatch({
        getStatus: (name) => (name === "s5.ts" ? 404 : 200),
      });

      expect(await run()).to.equal("ended");

      await expectTruth(store, 30_000 / 1001);
      expect(live.requested).to.have.length(live.segmentCount);
    });

    it("finds the same after crashes at ten points, reads no segment and pays no detection twice", async () => {
      const { clock, live, store, run, calls, started, ended } = await openWatch({ windowSize: 100 });
      const outcomes: unknown[] = [];
      for (let point = 1; point <= 10; point += 1) {
        let writes = 0;
        /** A store that fails from one of its calls on, before or after that call has taken effect. */
        const crashing = (all: AppearanceStore): AppearanceStore =>
          new Proxy(all, {
            get: (target, name) => {
              const operation: unknown = Reflect.get(target, name);
              if (typeof operation !== "function") return operation;
              if (name === "listSegments" || name === "acquireLease" || name === "readChannel")
                return operation.bind(target);
              return async (...all: unknown[]) => {
                writes += 1;
                if (writes > 2 + point) throw new Crash();
                const result: unknown = await Reflect.apply(operation, target, all);
                if (writes === 2 + point && point % 2 === 0) throw new Crash();
                return result;
              };
            },
          });
        outcomes.push(
          await run(crashing).catch((cause: unknown) => (cause instanceof Crash ? "crashed" : cause)),
        );
        // The lease of a killed watcher expires.
        clock.ms += (leaseSeconds + 1) * 1000;
      }
      expect(outcomes).to.deep.equal(Array(10).fill("crashed"));

      expect(await run()).to.equal("ended");

      await expectTruth(store, 30_000 / 1001);
      expect(new Set(live.requested).size).to.equal(live.requested.length);
      for (const events of [started, ended])
        expect(new Set(events.map(({ label }) => label))).to.deep.equal(new Set(["Person", "Cup"]));
      expect(new Set(calls).size).to.equal(calls.length);
    });
  });
};
