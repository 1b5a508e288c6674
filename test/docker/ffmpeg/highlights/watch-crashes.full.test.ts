import { expect } from "chai";
import { leaseSeconds } from "../../../../pipeline/highlights/channel-lease.ts";
import { collect } from "../../../contract/collect.ts";
import { debianPrograms } from "../../../e2e/media-programs.ts";
import { openWatch } from "./channel-watch.ts";
import { Crash, type CrashPoint, createCrashingPorts } from "./crashing-ports.ts";

const frameRate = 25;

describe("a watcher that is killed", () => {
  const cleanups: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanUp of cleanups.splice(0).reverse()) await cleanUp();
  });

  it("at any call of a whole channel repeats nothing, and finds the same when it runs again", async () => {
    const { clock, live, openWatcher } = await openWatch(debianPrograms(), cleanups, {
      frameRate: String(frameRate),
      windowSize: 100,
      type: "fmp4",
    });

    /** Watches the channel with a crash, and again without. @returns what is stored, and the calls of the first run */
    const watch = async (point?: CrashPoint) => {
      const { store, run, calls, started, ended } = await openWatcher();
      let names: readonly string[] = [];
      const decorate = (crashPoint?: CrashPoint) =>
        run((ports) => {
          const crashing = createCrashingPorts(ports, crashPoint);
          if (crashPoint === point) names = crashing.calls;
          return crashing.ports;
        });
      let outcome: unknown = await decorate(point).catch((cause: unknown) => cause);
      if (point !== undefined && outcome instanceof Crash) {
        clock.ms += (leaseSeconds + 1) * 1000;
        outcome = await decorate();
      }
      const { appearances } = await store.listAppearances("news");
      return {
        outcome,
        names,
        calls,
        requested: live.requested.filter((name) => name.startsWith("s")),
        segments: await collect(store.listSegments("news", {})),
        appearances,
        open: await store.listOpenAppearances("news"),
        started: new Set(started.map(({ id }) => id)),
        ended: new Set(ended.map(({ id }) => id)),
      };
    };

    const expected = await watch();
    expect(expected.outcome).to.equal("ended");
    expect(expected.appearances).to.have.length(2);
    expect(expected.requested).to.have.length(live.segmentCount);
    /** A crash between a claim and its result leaves a frame without an answer, so that another one is asked. */
    const isPaying = (call: number): boolean => {
      const before = expected.names.slice(0, call);
      return before.lastIndexOf("claimDetection") > before.lastIndexOf("recordSighting");
    };

    const failures: string[] = [];
    for (let call = 1; call <= expected.names.length; call += 1)
      for (const isBefore of [true, false]) {
        const found = await watch({ call, isBefore });
        const tolerance = isPaying(call) ? 1 / frameRate + 0.001 : 0;
        try {
          expect(found.outcome).to.equal("ended");
          expect(found.requested).to.deep.equal(expected.requested);
          expect(found.segments).to.deep.equal(expected.segments);
          expect(new Set(found.calls).size, "detections").to.equal(found.calls.length);
          expect(found.open).to.deep.equal([]);
          expect(found.appearances.map(({ label }) => label)).to.deep.equal(
            expected.appearances.map(({ label }) => label),
          );
          for (const [index, { id, start, end }] of found.appearances.entries()) {
            const known = expected.appearances[index];
            expect(start.time).to.be.closeTo(known?.start.time ?? 0, tolerance);
            expect(end?.time ?? 0).to.be.closeTo(known?.end?.time ?? 0, tolerance);
            if (tolerance === 0) expect(id).to.equal(known?.id);
            expect([...found.started], "started").to.include(id);
            expect([...found.ended], "ended").to.include(id);
          }
        } catch (cause) {
          failures.push(
            `${isBefore ? "before" : "after"} call ${call}, ${expected.names[call - 1]}: ${String(cause)}`,
          );
        }
      }
    expect(failures).to.deep.equal([]);
  }).timeout(600_000);
});
