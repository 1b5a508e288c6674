import { expect } from "chai";
import { createMemoryAppearanceStore } from "../../../adapters/local/memory-appearance-store.ts";
import type { Appearance } from "../../../pipeline/highlights/appearance.ts";
import { buildAppearanceId } from "../../../pipeline/highlights/appearances.ts";
import { takeLease } from "../../../pipeline/highlights/channel-lease.ts";
import { sweepAppearances } from "../../../pipeline/highlights/sweep-appearances.ts";
import type { WatchPorts } from "../../../pipeline/highlights/watch-ports.ts";
import { initialWatcherState, type WatcherState } from "../../../pipeline/highlights/watcher-state.ts";
import type { Detection } from "../../../pipeline/ports/label-detector.ts";
import { buildChannel, buildSegments, listFrames } from "./channel-fixtures.ts";

const segments = buildSegments([50, 50]);
const frames = listFrames(segments);
const at = (index: number) => frames[index] ?? expect.fail(`no frame ${index}`);

describe("the sweep of open appearances", () => {
  const openChannel = async () => {
    const clock = { now: () => new Date(at(99).time * 1000 + 1000) };
    const store = createMemoryAppearanceStore(clock);
    const channel = buildChannel();
    const lease = await takeLease(store, clock, channel.name, "this run");
    if (lease === undefined) throw new Error("The lease is held");
    for (const segment of segments) await store.putSegment(segment);
    const detect = async (index: number, names: readonly string[], partial: Partial<Detection> = {}) => {
      await store.claimDetection("news", at(index), { token: 1, at: 0 });
      const labels = names.map((name) => ({ name, confidence: 90, boxes: [] }));
      const detection = { labels, celebrities: [], ...partial };
      await store.storeDetection("news", at(index), 1, { detection, usd: 0 });
    };
    const id = buildAppearanceId("Person", at(10));
    const person = {
      id,
      channel: "news",
      label: "Person",
      status: "open",
      start: at(10),
      confidence: 80,
    } as const;
    await store.putAppearance(person);
    for (const index of [10, 20, 30]) await detect(index, ["Person"]);
    const ended: Appearance[] = [];
    const unused = () => Promise.reject(new Error("not used"));
    const ports: WatchPorts = {
      store,
      clock,
      fetcher: { fetchStream: unused, close: () => undefined } as never,
      archive: { copy: unused, copyContent: unused, writeImage: unused },
      frames: { scan: unused, readFrames: async () => [undefined], measureGrayLevels: unused },
      detector: { name: "recorded", detect: unused, computeUsd: () => 0 },
      listener: { onStarted: unused, onEnded: async (appearance) => void ended.push(appearance) },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    };
    const sweep = async (state: Partial<WatcherState>) => {
      await sweepAppearances(
        ports,
        { channel, lease, archivePrefix: "archive/" },
        {
          ...initialWatcherState,
          ...state,
        },
      );
      return store.readAppearance("news", id);
    };
    return { detect, sweep, ended };
  };

  it("closes one that no state tracks after the last frame that is known to show it", async () => {
    const { sweep, ended } = await openChannel();

    expect(await sweep({})).to.deep.include({ status: "closed", end: at(31) });

    expect(ended.map(({ label }) => label)).to.deep.equal(["Person"]);
  });

  it("closes it where the stored detections end it", async () => {
    const { detect, sweep } = await openChannel();
    for (const index of [31, 40]) await detect(index, ["Cup"]);
    await detect(60, ["Person"]);

    expect(await sweep({})).to.deep.include({ status: "closed", end: at(31) });
  });

  it("does not take a celebrity for absent where celebrities were not recognized", async () => {
    const { detect, sweep } = await openChannel();
    const celebritiesFailure = { kind: "denied", message: "not allowed" } as const;
    for (const index of [31, 40]) await detect(index, [], { celebritiesFailure });
    await detect(60, ["Person"]);

    expect(await sweep({})).to.deep.include({ status: "closed", end: at(61) });
  });

  it("leaves open what the state tracks, and what the next detection begins again", async () => {
    const { sweep } = await openChannel();
    const tracked = {
      label: "Person",
      isPresent: true,
      firstPresent: at(10),
      lastPresent: at(30),
      absentCount: 0,
      confidence: 90,
    } as const;
    for (const state of [{ labels: { labels: [tracked] } }, { lastSegmentId: segments[0]?.id ?? "" }])
      expect(await sweep(state)).to.deep.include({ status: "open" });
  });
});
