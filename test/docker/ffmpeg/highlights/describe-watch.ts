import { expect } from "chai";
import type { AppearanceStore } from "../../../../pipeline/highlights/appearance-store.ts";
import { leaseSeconds } from "../../../../pipeline/highlights/channel-lease.ts";
import type { MediaPrograms } from "../../../e2e/media-programs.ts";
import { expectTruth, openWatch } from "./channel-watch.ts";

/** Thrown by every port after a crash. */
class Crash extends Error {}

export const describeWatch = (open: () => MediaPrograms): void => {
  const programs = open();

  describe(`the watcher of a channel with ${programs.build}`, () => {
    const cleanups: (() => Promise<unknown>)[] = [];
    afterEach(async () => {
      for (const cleanUp of cleanups.splice(0).reverse()) await cleanUp();
    });

    const cases = [
      ["MPEG-TS at 29.97 frames/s", { type: "mpegts", frameRate: "30000/1001" }, 30_000 / 1001],
      ["fragmented MP4 at 25 frames/s", { type: "fmp4", frameRate: "25" }, 25],
      ["a channel without program date-time", { hasProgramDateTime: false, frameRate: "25" }, 25],
    ] as const;
    for (const [title, changes, frameRate] of cases)
      it(`finds appearances to the frame in ${title}, and reads each segment once`, async () => {
        const { live, store, run, calls, started, ended } = await openWatch(programs, cleanups, changes);

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
      const { live, store, run } = await openWatch(programs, cleanups, {
        getStatus: (name, request) => (name === "s3.ts" && request === 1 ? 503 : 200),
      });

      expect(await run()).to.equal("ended");

      await expectTruth(store, 30_000 / 1001);
      expect(live.requested.filter((name) => name === "s3.ts")).to.have.length(2);
      expect(new Set(live.requested).size).to.equal(live.segmentCount);
    });

    it("waits for the channel while another run holds it", async () => {
      const { clock, live, store, run } = await openWatch(programs, cleanups);
      const lease = await store.acquireLease("news", "another run", 3);
      const waitedFrom = clock.ms;

      expect(await run()).to.equal("ended");

      expect(lease).to.not.equal(undefined);
      expect(clock.ms - waitedFrom).to.be.greaterThan(3000);
      expect(live.requested).to.have.length(live.segmentCount);
    });

    it("skips a segment that does not exist, and no other", async () => {
      const { live, store, run } = await openWatch(programs, cleanups, {
        getStatus: (name) => (name === "s5.ts" ? 404 : 200),
      });

      expect(await run()).to.equal("ended");

      await expectTruth(store, 30_000 / 1001);
      expect(live.requested).to.have.length(live.segmentCount);
    });

    it("finds the same after crashes at ten points, reads no segment and pays no detection twice", async () => {
      const { clock, live, store, run, calls, started, ended } = await openWatch(programs, cleanups, {
        windowSize: 100,
      });
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
          await run((ports) => ({ ...ports, store: crashing(ports.store) })).catch((cause: unknown) =>
            cause instanceof Crash ? "crashed" : cause,
          ),
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
