import { expect } from "chai";
import { JobFailure } from "../../../../pipeline/errors/job-error.ts";
import type { AppearanceStore } from "../../../../pipeline/highlights/appearance-store.ts";
import { leaseSeconds } from "../../../../pipeline/highlights/channel-lease.ts";
import type { SegmentStream } from "../../../../pipeline/highlights/frame-reader.ts";
import type { WatchPorts } from "../../../../pipeline/highlights/watch-ports.ts";
import { DetectionFailure } from "../../../../pipeline/ports/label-detector.ts";
import { StoreFailure } from "../../../../pipeline/ports/store-failure.ts";
import { collect } from "../../../contract/collect.ts";
import { packagedPrograms } from "../../../e2e/media-programs.ts";
import { expectTruth, openWatch, startMs } from "./channel-watch.ts";
import { Crash } from "./crashing-ports.ts";
import type { SimulatedPlaylist } from "./simulated-channel.ts";

const frameRate = 30_000 / 1001;
/** What the channel shows until its end. */
const shownToTheEnd = [{ label: "Person", file: "astronaut.jpg", start: 4.3, end: 60 }];

describe("a watcher in trouble", () => {
  const cleanups: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanUp of cleanups.splice(0).reverse()) await cleanUp();
  });
  const open = (changes: Parameters<typeof openWatch>[2] = {}) =>
    openWatch(packagedPrograms(), cleanups, changes);

  const listPeriods = async (store: AppearanceStore) =>
    (await store.listAppearances("news")).appearances
      .map(({ label, status, start, end }) => ({
        label,
        status,
        start: Math.round((start.time - startMs / 1000) * 100) / 100,
        end: end && Math.round((end.time - startMs / 1000) * 100) / 100,
      }))
      .reverse();
  const readStatus = async (store: AppearanceStore) => (await store.readChannel("news")).status;

  describe("with other playlists", () => {
    it("reads encrypted byte ranges behind redirects, and compressed playlists", async () => {
      const { live, store, run } = await open({ delivery: "encrypted-ranges" });

      expect(await run()).to.equal("ended");

      await expectTruth(store, frameRate);
      expect(live.requested).to.deep.equal(
        Array.from({ length: live.segmentCount }, (_, index) => `s${index}.ts`),
      );
    });

    it("reads each segment once of a playlist that shrinks, jumps back and repeats itself", async () => {
      let polls = 0;
      const seen: SimulatedPlaylist[] = [];
      const { live, store, run } = await open({
        windowSize: 6,
        editPlaylist: (playlist) => {
          polls += 1;
          seen.push(playlist);
          if (playlist.isEnded) return playlist;
          if (polls % 4 === 1) return seen.at(-4) ?? playlist;
          if (polls % 4 === 2) return { ...playlist, segments: playlist.segments.slice(0, 1) };
          return playlist;
        },
      });

      expect(await run()).to.equal("ended");

      await expectTruth(store, frameRate);
      expect(live.requested).to.deep.equal([...new Set(live.requested)]);
      expect(live.requested).to.have.length(live.segmentCount);
    });

    it("follows a server that restarts at sequence 0", async () => {
      const restartIndex = 5;
      const { live, store, run } = await open({
        editPlaylist: (playlist) => {
          const after = playlist.segments.filter(({ index }) => index >= restartIndex);
          return after.length === 0
            ? playlist
            : { ...playlist, segments: after, mediaSequence: (after[0]?.index ?? 0) - restartIndex };
        },
      });

      expect(await run()).to.equal("ended");

      await expectTruth(store, frameRate);
      expect(live.requested).to.have.length(live.segmentCount);
      const segments = await collect(store.listSegments("news", {}));
      expect(segments.map(({ id, isInterrupted }) => [id.slice(0, 8), isInterrupted])).to.deep.equal(
        segments.map((_, index) => [
          index < restartIndex ? "00000000" : "00000001",
          index === 0 || index === restartIndex,
        ]),
      );
    });

    it("ends what was shown before a gap, also one at the end of a window", async () => {
      const { store, run } = await open({
        editPlaylist: (playlist) => ({
          ...playlist,
          segments: playlist.segments.map((segment) =>
            segment.start - startMs > 5000 && segment.start - startMs < 8000
              ? { ...segment, tags: ["#EXT-X-GAP"] }
              : segment,
          ),
        }),
      });

      expect(await run()).to.equal("ended");

      const [before, after] = (await listPeriods(store)).filter(({ label }) => label === "Person");
      expect(before?.end).to.be.within(5, 8);
      expect(after?.start).to.be.within((before?.end ?? 0) + 1.5, 9);
      expect((await listPeriods(store)).every(({ status }) => status === "closed")).to.equal(true);
    });

    it("ends what a channel showed that stops without saying so, and goes on with it", async () => {
      const isStopped = { value: true };
      const { clock, store, run, ended } = await open({
        photographs: shownToTheEnd,
        editPlaylist: (playlist) =>
          isStopped.value
            ? {
                ...playlist,
                isEnded: false,
                segments: playlist.segments.filter(({ start }) => start - startMs < 11_000),
              }
            : playlist,
        windowSize: 100,
      });

      expect(await run(undefined, { deadlineMs: startMs + 60_000 })).to.equal("deadline");
      expect((await listPeriods(store)).map(({ status }) => status)).to.deep.equal(["open"]);
      expect((await readStatus(store))?.name).to.equal("stalled");
      expect(await run(undefined, { deadlineMs: startMs + 120_000 })).to.equal("deadline");
      const [closed] = await listPeriods(store);
      expect(closed?.status).to.equal("closed");
      expect(closed?.end).to.be.within(11, 13);
      expect(ended).to.have.length(1);
      isStopped.value = false;
      clock.ms += 1000;

      expect(await run()).to.equal("ended");

      // Its clock says that nothing is missing.
      const periods = await listPeriods(store);
      expect(periods.map(({ status }) => status)).to.deep.equal(["closed"]);
      expect(periods[0]?.end).to.be.closeTo(20, 0.1);
    });

    it("skips a segment that is too long to be stored, and says so", async () => {
      const statuses: (string | undefined)[] = [];
      const { live, store, run } = await open({
        editPlaylist: (playlist) => ({
          ...playlist,
          segments: playlist.segments.map((segment) =>
            segment.index === 5 ? { ...segment, seconds: 601 } : segment,
          ),
        }),
      });

      const outcome = await run((ports) => ({
        ...ports,
        store: {
          ...ports.store,
          saveState: (lease, state, status) => {
            statuses.push(status.message);
            return ports.store.saveState(lease, state, status);
          },
        },
      }));

      expect(outcome).to.equal("ended");
      expect(live.requested).to.have.length(live.segmentCount - 1);
      expect(statuses.filter((message) => message?.includes("It lasts 601 s"))).to.not.be.empty;
      expect((await listPeriods(store)).map(({ label }) => label)).to.include.members(["Person", "Cup"]);
    });

    it("skips a segment that cannot be read for a minute", async () => {
      const { clock, live, store, run } = await open({
        windowSize: 100,
        getStatus: (name) => (name === "s5.ts" ? 503 : 200),
      });

      expect(await run()).to.equal("ended");

      expect(clock.ms).to.be.within(startMs + 60_000, startMs + 120_000);
      await expectTruth(store, frameRate);
      expect(new Set(live.requested).size).to.equal(live.segmentCount);
      expect((await collect(store.listSegments("news", {}))).length).to.equal(live.segmentCount - 1);
    });
  });

  describe("with failures of its ports", () => {
    it("repeats a step whose store or decoder fails for a moment", async () => {
      const { live, store, run, calls } = await open({ windowSize: 6 });
      const failed = new Map<string, number>();
      /** Fails some calls of each operation. */
      const wrap = <Port extends object>(port: Port, failure: Error): Port =>
        new Proxy(port, {
          get: (target, name) => {
            const operation: unknown = Reflect.get(target, name);
            if (typeof operation !== "function") return operation;
            // A detection whose result is not stored leaves its frame without an answer.
            if (/^(?:acquire|release|readChannel|listSegments)|Detection$/.test(String(name)))
              return operation.bind(target);
            return async (...all: unknown[]) => {
              const count = (failed.get(String(name)) ?? 0) + 1;
              failed.set(String(name), count);
              if ([2, 5, 13, 14].includes(count)) throw failure;
              return Reflect.apply(operation, target, all);
            };
          },
        });

      const outcome = await run((ports) => ({
        ...ports,
        store: wrap(ports.store, new StoreFailure("transient", "try again")),
        frames: wrap(ports.frames, new JobFailure(9000, "killed", { retryable: true })),
      }));

      expect(outcome).to.equal("ended");
      await expectTruth(store, frameRate, 0.04);
      expect(live.requested).to.have.length(live.segmentCount);
      expect(new Set(calls).size).to.equal(calls.length);
    });

    it("archives while the detector fails, and finds the same when it works again", async () => {
      const { clock, live, store, run, calls, ended } = await open({ windowSize: 4 });
      const statuses: (string | undefined)[] = [];
      let failures = 0;
      const failure = new DetectionFailure("throttled", "Slow down.", { mayBeBilled: false });

      const outcome = await run((ports) => ({
        ...ports,
        detector: {
          ...ports.detector,
          detect: (request, signal) => {
            if (clock.ms >= startMs + 40_000) return ports.detector.detect(request, signal);
            failures += 1;
            return Promise.reject(failure);
          },
        },
        store: {
          ...ports.store,
          saveState: (lease, state, status) => {
            statuses.push(status.message);
            return ports.store.saveState(lease, state, status);
          },
        },
      }));

      expect(outcome).to.equal("ended");
      expect(clock.ms).to.be.within(startMs + 40_000, startMs + 75_000);
      // Each call counts against the caps.
      expect(failures).to.equal(2);
      expect(live.requested).to.have.length(live.segmentCount);
      expect(statuses.filter((message) => message?.includes("Slow down."))).to.not.be.empty;
      await expectTruth(store, frameRate);
      expect(ended).to.have.length(2);
      expect(new Set(calls).size).to.equal(calls.length);
    });

    it("ends within seconds of a pause, and ends what is shown then", async () => {
      const { clock, store, run, calls, ended } = await open({
        photographs: shownToTheEnd,
        windowSize: 100,
      });
      const outcome = await run((ports) => ({
        ...ports,
        clock: {
          now: () => {
            if (clock.ms > startMs + 8000) void store.setPaused("news", true);
            return ports.clock.now();
          },
        },
      }));
      expect(outcome).to.equal("paused");
      expect(clock.ms).to.be.below(startMs + 20_000);
      const [paused] = (await store.listAppearances("news")).appearances;
      expect(paused).to.deep.include({ status: "closed", inexactEdges: ["end"] });
      expect(ended).to.have.length(1);

      // Nothing is missing afterwards, so that it was one appearance.
      await store.setPaused("news", false);
      expect(await run()).to.equal("ended");

      expect((await store.listAppearances("news")).appearances).to.have.length(1);
      const [whole] = await listPeriods(store);
      expect(whole).to.include({ status: "closed" });
      expect(whole?.end).to.be.closeTo(20, 0.1);
      expect(new Set(calls).size).to.equal(calls.length);
    });

    it("ends what a paused channel shows, if the run before could not", async () => {
      const { store, run, ended } = await open({ photographs: shownToTheEnd });
      await run(undefined, { deadlineMs: startMs + 12_000 });
      await store.setPaused("news", true);
      expect((await listPeriods(store)).map(({ status }) => status)).to.deep.equal(["open"]);

      expect(await run()).to.equal("paused");
      expect(await run()).to.equal("paused");

      expect((await listPeriods(store)).map(({ status }) => status)).to.deep.equal(["closed"]);
      expect(ended).to.have.length(1);
    });

    it("ends what is shown with the last run of the active hours", async () => {
      const activeHours = { from: 12, to: 13, timeZone: "UTC" };
      for (const [intervalMinutes, expected] of [
        [1, "open"],
        [60, "closed"],
      ] as const) {
        const { store, run } = await open({
          photographs: shownToTheEnd,
          settings: { activeHours, intervalMinutes },
        });
        expect(await run(undefined, { deadlineMs: startMs + 12_000 })).to.equal("deadline");
        expect((await listPeriods(store)).map(({ status }) => status)).to.deep.equal([expected]);
      }
    });

    it("tells of a failure that lasts until its deadline", async () => {
      const { run } = await open();
      const failure = await run(
        (ports) => ({
          ...ports,
          store: { ...ports.store, putSegment: () => Promise.reject(new StoreFailure("transient", "down")) },
        }),
        { deadlineMs: startMs + 30_000 },
      ).catch((cause: unknown) => cause);
      expect(failure).to.be.instanceOf(StoreFailure);
    });

    /** A decoder that kills the process at some segments. */
    const decorateScan =
      (isFatal: (stream: SegmentStream) => boolean) =>
      (ports: WatchPorts): WatchPorts => ({
        ...ports,
        frames: {
          ...ports.frames,
          scan: (stream, options, signal) =>
            isFatal(stream) ? Promise.reject(new Crash()) : ports.frames.scan(stream, options, signal),
        },
      });

    it("decodes fewer segments at once after a run that did not finish", async () => {
      const { clock, live, store, run } = await open({ windowSize: 100 });
      clock.ms = startMs + 60_000;
      const isTooMuch = decorateScan(({ segments }) => segments.length > 1);

      expect(await run(isTooMuch).catch((cause: unknown) => cause)).to.be.instanceOf(Crash);
      clock.ms += (leaseSeconds + 1) * 1000;
      const outcomes: unknown[] = [];
      for (let runs = 0; runs < 5 && outcomes.at(-1) !== "ended"; runs += 1) {
        outcomes.push(
          await run(isTooMuch).catch((cause: unknown) => (cause instanceof Crash ? "killed" : cause)),
        );
        clock.ms += (leaseSeconds + 1) * 1000;
      }

      expect(outcomes.at(-1)).to.equal("ended");
      await expectTruth(store, frameRate);
      expect(live.requested).to.have.length(live.segmentCount);
    });

    it("archives a segment without frames whose decoding kills it three times, and says so", async () => {
      const { clock, live, store, run } = await open({ windowSize: 100 });
      clock.ms = startMs + 60_000;
      const poison = "00000000-0000000000000009";
      const kill = decorateScan(({ segments }) => segments.some(({ id }) => id === poison));
      const outcomes: unknown[] = [];
      const messages: (string | undefined)[] = [];
      for (let runs = 0; runs < 8 && outcomes.at(-1) !== "ended"; runs += 1) {
        outcomes.push(
          await run((ports) => {
            const killed = kill(ports);
            return {
              ...killed,
              store: {
                ...killed.store,
                saveState: (lease, state, status) => {
                  messages.push(status.message);
                  return ports.store.saveState(lease, state, status);
                },
              },
            };
          }).catch((cause: unknown) => (cause instanceof Crash ? "killed" : cause)),
        );
        clock.ms += (leaseSeconds + 1) * 1000;
      }

      expect(outcomes).to.deep.equal([...Array(4).fill("killed"), "ended"]);
      const segments = await collect(store.listSegments("news", {}));
      expect(segments.filter(({ frameTimes }) => frameTimes.length === 0).map(({ id }) => id)).to.deep.equal([
        poison,
      ]);
      expect(messages.filter((message) => message?.includes("did not finish"))).to.not.be.empty;
      expect(live.requested).to.have.length(live.segmentCount);
      await expectTruth(store, frameRate);
    });
  });

  describe("beside another watcher", () => {
    it("changes nothing after the other one has taken the channel", async () => {
      const { clock, live, store, run, calls } = await open({ windowSize: 100 });
      let release = (): void => undefined;
      const blocked = new Promise<void>((resolve) => {
        release = resolve;
      });
      let begin = (): void => undefined;
      const begun = new Promise<void>((resolve) => {
        begin = resolve;
      });
      let scans = 0;
      const slow = run((ports) => ({
        ...ports,
        frames: {
          ...ports.frames,
          scan: async (stream, options, signal) => {
            scans += 1;
            const scanned = await ports.frames.scan(stream, options, signal);
            if (scans === 3) {
              begin();
              await blocked;
            }
            return scanned;
          },
        },
      }));
      await begun;
      clock.ms += (leaseSeconds + 1) * 1000;

      expect(await run()).to.equal("ended");
      const { state } = await store.readSavedChannel("news");
      const paid = calls.length;
      release();

      expect(await slow).to.equal("lost");
      expect((await store.readSavedChannel("news")).state).to.deep.equal(state);
      expect(calls).to.have.length(paid);
      expect(new Set(calls).size).to.equal(calls.length);
      await expectTruth(store, frameRate);
      expect(live.requested).to.have.length(live.segmentCount);
    });
  });
});
