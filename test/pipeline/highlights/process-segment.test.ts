import { expect } from "chai";
import fc from "fast-check";
import { createMemoryAppearanceStore } from "../../../adapters/local/memory-appearance-store.ts";
import { maxStateBytes } from "../../../pipeline/highlights/appearance-store.ts";
import { takeLease } from "../../../pipeline/highlights/channel-lease.ts";
import { closeAppearances } from "../../../pipeline/highlights/close-appearances.ts";
import { maxCutBurst } from "../../../pipeline/highlights/cut-budget.ts";
import { processSegment } from "../../../pipeline/highlights/process-segment.ts";
import type { ArchivedSegment, FrameReference } from "../../../pipeline/highlights/segment.ts";
import type { WatchedChannel, WatchPorts } from "../../../pipeline/highlights/watch-ports.ts";
import { initialWatcherState, type WatcherState } from "../../../pipeline/highlights/watcher-state.ts";
import { buildChannel, buildSegments, frameSeconds, listFrames } from "./channel-fixtures.ts";

/** One frame of a channel. */
interface FramePlan {
  /** Perceptual hash. */
  readonly hash: string;
  readonly grayLevels: string;
  readonly labels: readonly string[];
  readonly sceneScore: number;
}

/** What a camera shows while it stands still. */
interface View extends Pick<FramePlan, "hash" | "labels"> {
  /** Of each cell. */
  readonly level: number;
}
const views: readonly View[] = [
  { hash: "00ff00ff00ff00ff", level: 20, labels: [] },
  { hash: "0f0f0f0f0f0f0f0f", level: 70, labels: ["Person"] },
  { hash: "3333333333333333", level: 120, labels: ["Cup"] },
  { hash: "ffffffff00000000", level: 170, labels: ["Person", "Cup"] },
  { hash: "0000ffff0000ffff", level: 220, labels: [] },
];
const [empty, person] = views;
if (empty === undefined || person === undefined) throw new Error("There are too few views.");

/** Changes one bit of a hash, as noise does. */
const addNoise = (hash: string, frame: number): string =>
  (BigInt(`0x${hash}`) ^ (1n << BigInt(frame % 64))).toString(16).padStart(16, "0");
/** An image that is like no other of the last minutes. */
const buildMovingImage = (frame: number): Pick<FramePlan, "hash" | "grayLevels"> => {
  const hash = BigInt.asUintN(64, BigInt(frame + 1) * 0x9e37_79b9_7f4a_7c15n)
    .toString(16)
    .padStart(16, "0");
  return { hash, grayLevels: hash.repeat(8) };
};

/** A shot that begins with a cut. */
const buildShot = (view: View, frameCount: number): readonly FramePlan[] =>
  Array.from({ length: frameCount }, (_, frame) => ({
    hash: addNoise(view.hash, frame),
    // One cell differs by a few levels.
    grayLevels: Buffer.alloc(64, view.level)
      .fill(view.level + (frame % 4), frame % 64, (frame % 64) + 1)
      .toString("hex"),
    labels: view.labels,
    sceneScore: frame === 0 ? 0.5 : 0.01,
  }));

const framesPerSegment = 100;
const gapFrames = 5 / frameSeconds;

/** Builds the segments of a channel, with the candidates that a scan selects. */
const buildChannelSegments = (plan: readonly FramePlan[]): readonly ArchivedSegment[] => {
  const sizes = Array.from({ length: Math.ceil(plan.length / framesPerSegment) }, (_, index) =>
    Math.min(framesPerSegment, plan.length - index * framesPerSegment),
  );
  const cutsOfSecond = new Map<number, number>();
  const isSelected = ({ sceneScore }: FramePlan, index: number): boolean => {
    const second = Math.floor(index * frameSeconds);
    const cuts = cutsOfSecond.get(second) ?? 0;
    if (sceneScore > 0.2) cutsOfSecond.set(second, cuts + 1);
    return (sceneScore > 0.2 && cuts < 4) || index % gapFrames === 0;
  };
  return buildSegments(sizes).map((segment, index) => ({
    ...segment,
    candidates: plan
      .slice(index * framesPerSegment, (index + 1) * framesPerSegment)
      .flatMap((frame, position) =>
        isSelected(frame, index * framesPerSegment + position)
          ? [{ frame: position, sceneScore: frame.sceneScore, hash: frame.hash }]
          : [],
      ),
  }));
};

/** Watches a channel to its end. @returns its appearances in frames, and the frames that were paid */
const watch = async (
  plan: readonly FramePlan[],
  settings: Parameters<typeof buildChannel>[0] = { absentFrames: 1 },
) => {
  const segments = buildChannelSegments(plan);
  const references = listFrames(segments);
  const indexOf = ({ segmentId, frame }: Pick<FrameReference, "segmentId" | "frame">): number =>
    segments.findIndex(({ id }) => id === segmentId) * framesPerSegment + frame;
  const clock = { now: () => new Date((references[0]?.time ?? 0) * 1000) };
  const store = createMemoryAppearanceStore(clock);
  const channel = buildChannel({ maxDetectionsPerHour: 100_000, maxUsdPerDay: 1000, ...settings });
  const lease = await takeLease(store, clock, channel.name, "this run");
  if (lease === undefined) throw new Error("The lease is held");
  for (const segment of segments) await store.putSegment(segment);
  const paid: number[] = [];
  const unused = () => Promise.reject(new Error("not used"));
  const readFrame = (index: number): Uint8Array => Buffer.from(String(index));
  const ports: WatchPorts = {
    store,
    clock,
    fetcher: { fetchStream: unused, close: () => undefined } as never,
    archive: { copy: unused, copyContent: unused, writeImage: async () => undefined },
    frames: {
      scan: unused,
      readFrames: async ({ segments: [segment] }, frames) =>
        frames.map((frame) => readFrame(indexOf({ segmentId: segment?.id ?? "", frame }))),
      measureGrayLevels: async (image) => plan[Number(image)]?.grayLevels ?? "",
    },
    detector: {
      name: "recorded",
      computeUsd: () => 0,
      detect: async ({ image }) => {
        paid.push(Number(image));
        const labels = (plan[Number(image)]?.labels ?? []).map((name) => ({
          name,
          confidence: 90,
          boxes: [],
        }));
        return { labels, celebrities: [] };
      },
    },
    listener: { onStarted: async () => undefined, onEnded: async () => undefined },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  };
  const watched: WatchedChannel = { channel, lease, archivePrefix: "archive/" };
  let state: WatcherState = initialWatcherState;
  let previous: ArchivedSegment | undefined;
  for (const segment of segments) {
    // Each segment starts from stored JSON, as after a crash.
    const stored = JSON.parse(JSON.stringify(state)) as WatcherState;
    const images = {
      read: async (of: ArchivedSegment, _: unknown, frame: number) =>
        readFrame(indexOf({ segmentId: of.id, frame })),
    };
    ({ state } = await processSegment(ports, watched, stored, { segment, previous, images }));
    previous = segment;
  }
  if (previous !== undefined) await closeAppearances(ports, watched, state, previous);
  const { appearances } = await store.listAppearances(channel.name, { limit: 1000 });
  return {
    state,
    paid,
    found: appearances
      .map(({ label, start, end }) => ({ label, start: indexOf(start), end: end && indexOf(end) }))
      .sort((one, other) => one.start - other.start || (one.label < other.label ? -1 : 1)),
  };
};

/** The appearances of a plan, by its frames. */
const listTruth = (plan: readonly FramePlan[]) =>
  ["Cup", "Person"]
    .flatMap((label) => {
      const isShown = (index: number): boolean => plan[index]?.labels.includes(label) === true;
      const starts = [...plan.keys()].filter((index) => isShown(index) && !isShown(index - 1));
      return starts.map((start) => {
        const length = plan.slice(start).findIndex(({ labels }) => !labels.includes(label));
        return { label, start, end: length < 0 ? plan.length : start + length };
      });
    })
    .sort((one, other) => one.start - other.start || (one.label < other.label ? -1 : 1));

describe("the detections of a segment", () => {
  it("are one for each view of cameras that stand still, and find each appearance to the frame", async () => {
    // At most four cuts in a second.
    const shots = fc.array(
      fc.record({ view: fc.constantFrom(...views), frames: fc.integer({ min: 7, max: 50 }) }),
      {
        minLength: 1,
        maxLength: maxCutBurst,
      },
    );
    await fc.assert(
      fc.asyncProperty(shots, async (all) => {
        const plan = all.flatMap(({ view, frames }) => buildShot(view, frames));
        const { found, paid } = await watch(plan);
        expect(found).to.deep.equal(listTruth(plan));
        // The end of the channel is not a frame, so that the last one is detected.
        expect(paid.length).to.be.at.most(new Set(all.map(({ view }) => view)).size + 1);
        expect(new Set(paid).size).to.equal(paid.length);
      }),
      { numRuns: 50 },
    );
  });

  it("search an edge of pictures that move by detections alone", async () => {
    const plan = [...buildShot(empty, 60), ...buildShot(person, 60), ...buildShot(empty, 60)].map(
      (frame, index) => ({ ...frame, ...buildMovingImage(index) }),
    );
    const { found, paid } = await watch(plan, { absentFrames: 1 });
    expect(found).to.deep.equal([{ label: "Person", start: 60, end: 120 }]);
    expect(paid).to.include.members([59, 60, 119, 120]);
  });

  it("search an edge by detections if one view was detected with different results", async () => {
    const twin = { ...empty, level: person.level };
    const plan = [...buildShot(twin, 60), ...buildShot(person, 60), ...buildShot(twin, 60)];
    const { found, paid } = await watch(plan);
    expect(found).to.deep.equal([{ label: "Person", start: 60, end: 120 }]);
    expect(paid).to.include.members([59, 119]);
  });

  it("find a label that enters a shot without a cut", async () => {
    // The frame before the cut looks like neither side.
    const plan = [...buildShot(empty, 150), ...buildShot(person, 150)].map((frame, index) => ({
      ...frame,
      labels: index >= 140 ? ["Person"] : [],
      ...(index >= 140 && index < 150 ? buildMovingImage(index) : {}),
    }));
    const { found } = await watch(plan);
    expect(found).to.deep.equal([{ label: "Person", start: 140, end: 300 }]);
  });

  it("are repeated after a minute, and find what does not change the picture much", async () => {
    const [from, repeated] = [1530, 1625];
    const plan = buildShot(empty, 1800).map((frame, index) => ({
      ...frame,
      labels: index >= from ? ["Cup"] : [],
    }));
    const { found, paid } = await watch(plan);
    expect(found).to.deep.equal([{ label: "Cup", start: from, end: plan.length }]);
    expect(paid.slice(0, 2)).to.deep.equal([0, repeated]);
    expect(paid).to.include.members([from - 1, from]);
  });

  it("stay within a budget in a game, and find what it shows to the frame", async () => {
    const seconds = 60;
    const [from, to] = [30 / frameSeconds, 40 / frameSeconds];
    // Each third frame is another one.
    const plan = Array.from({ length: seconds / frameSeconds }, (_, index) => ({
      ...buildMovingImage(Math.floor(index / 3)),
      labels: index >= from && index < to ? ["Cup"] : [],
      sceneScore: index % 3 === 0 ? 0.4 : 0,
    }));
    const { found, paid } = await watch(plan, { absentFrames: 2 });
    expect(found).to.deep.equal([{ label: "Cup", start: from, end: to }]);
    expect(paid.length).to.be.at.most(maxCutBurst + seconds + 20);
  });

  it("detect a scene that stays after a flurry of cuts", async () => {
    const flurry = Array.from({ length: 60 / frameSeconds }, (_, index) => ({
      ...buildMovingImage(index),
      labels: [],
      sceneScore: 0.4,
    }));
    const plan = [...flurry, ...buildShot(person, 70)];
    const { found } = await watch(plan);
    expect(found).to.deep.equal([{ label: "Person", start: 60 / frameSeconds, end: plan.length }]);
  });

  it("leave a state that can be stored, also of a channel with as many labels as can be", async () => {
    const clipLabels = Array.from({ length: 100 }, (_, index) => `Label number ${index}`);
    const plan = Array.from({ length: 1500 }, (_, index) => ({
      ...buildMovingImage(Math.floor(index / 10)),
      labels: index % 300 === 0 ? [] : clipLabels,
      sceneScore: index % 10 === 0 ? 0.4 : 0,
    }));
    const { state } = await watch(plan, { clipLabels });
    expect(state.recentDetections).to.have.length(8);
    expect(JSON.stringify(state).length).to.be.below(maxStateBytes / 2);
  });
});
