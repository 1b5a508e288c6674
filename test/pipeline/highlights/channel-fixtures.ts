import fc from "fast-check";
import {
  type Channel,
  type ChannelSettings,
  selectChannels,
} from "../../../pipeline/configuration/channels-schema.ts";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import type { Appearance } from "../../../pipeline/highlights/appearance.ts";
import { buildAppearanceId } from "../../../pipeline/highlights/appearances.ts";
import {
  beginEdgeSearch,
  type EdgeAnswer,
  type EdgeSearchRange,
  nextEdgeSearchStep,
  resumeEdgeSearch,
} from "../../../pipeline/highlights/edge-search.ts";
import { getNextFrame, getSegmentEnd } from "../../../pipeline/highlights/frame-order.ts";
import {
  type ChannelLabels,
  closeLabels,
  endLabelsUnsearched,
  noLabels,
  observeFrame,
  type TrackerAction,
} from "../../../pipeline/highlights/label-tracker.ts";
import type { ArchivedSegment, FrameReference } from "../../../pipeline/highlights/segment.ts";
import input from "../../../reelway.config.ts";

/** Settings of a channel. */
export const buildChannel = (settings: Partial<Channel> = {}): ChannelSettings => {
  const { channels } = parseConfiguration({
    ...input,
    channels: [
      {
        name: "news",
        manifestUrl: "https://live.example.com/news.m3u8",
        clipLabels: ["Person", "Cup"],
        ...settings,
      },
    ],
  });
  const [channel] = selectChannels(channels, "prod");
  if (channel === undefined) throw new Error("The configuration has no channel.");
  return channel;
};

export const frameSeconds = 0.04;
const startTime = 1_790_000_000;

/** Builds a segment of consecutive frames. */
export const buildSegment = (
  sequence: number,
  firstTime: number,
  frameCount: number,
  timeline = 0,
): ArchivedSegment => {
  const id = `0000-${String(sequence).padStart(10, "0")}`;
  return {
    channel: "news",
    id,
    timeline,
    isInterrupted: false,
    candidates: [],
    startTime: firstTime,
    durationSeconds: frameCount * frameSeconds,
    key: `archive/news/2026-09-21/${id}.ts`,
    bytes: 1000,
    frameTimes: Array.from({ length: frameCount }, (_, frame) => frame * frameSeconds),
  };
};

/** Builds segments one after another. @param frameCounts of each */
export const buildSegments = (frameCounts: readonly number[]): readonly ArchivedSegment[] => {
  let frames = 0;
  return frameCounts.map((count, sequence) => {
    const segment = buildSegment(sequence, startTime + frames * frameSeconds, count);
    frames += count;
    return segment;
  });
};

export const listFrames = (segments: readonly ArchivedSegment[]): readonly FrameReference[] =>
  segments.flatMap(({ id, startTime: first, frameTimes }) =>
    frameTimes.map((seconds, frame) => ({ segmentId: id, frame, time: first + seconds })),
  );

/** One frame of a random channel. */
interface FramePlan {
  /** The labels that the detector finds in it. */
  readonly labels: readonly string[];
  readonly isCandidate: boolean;
  /** Its claim is left by a process that ended. */
  readonly isUnknown: boolean;
}
export interface ChannelPlan {
  readonly segments: readonly ArchivedSegment[];
  /** Indexes of segments that follow a gap. */
  readonly gaps: ReadonlySet<number>;
  /** Indexes of segments before which the channel is paused. */
  readonly pauses: ReadonlySet<number>;
  /** By segment, then by frame. */
  readonly frames: readonly (readonly FramePlan[])[];
  readonly absentFrames: number;
}

const labels = ["Cup", "Person"];

/** Random channels: labels that come and go, a detector with errors, candidates, gaps, frames without an answer. */
export const channelPlans: fc.Arbitrary<ChannelPlan> = fc
  .record({
    sizes: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 12 }),
    // For each label, the lengths of its absent and present periods by turns.
    periods: fc.array(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 12 }), {
      minLength: labels.length,
      maxLength: labels.length,
    }),
    noise: fc.infiniteStream(fc.integer({ min: 0, max: 99 })),
    errorPercent: fc.constantFrom(0, 0, 10, 50),
    candidatePercent: fc.constantFrom(10, 30, 100),
    unknownPercent: fc.constantFrom(0, 0, 20, 90),
    gapPercent: fc.constantFrom(0, 20),
    pausePercent: fc.constantFrom(0, 20),
    absentFrames: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ sizes, periods, noise, absentFrames, ...percent }) => {
    const { errorPercent, candidatePercent, unknownPercent, gapPercent, pausePercent } = percent;
    const isChosen = (percent: number): boolean => (noise.next().value ?? 0) < percent;
    const truth = periods.map((lengths) =>
      lengths.flatMap((length, turn) => Array.from({ length }, () => turn % 2 === 1)),
    );
    let position = 0;
    const frames = sizes.map((size) =>
      Array.from({ length: size }, () => {
        const found = labels.filter(
          (_, index) => (truth[index]?.[position] ?? false) !== isChosen(errorPercent),
        );
        position += 1;
        return {
          labels: found,
          isCandidate: isChosen(candidatePercent),
          isUnknown: isChosen(unknownPercent),
        };
      }),
    );
    const gaps = new Set([...sizes.keys()].filter((index) => index > 0 && isChosen(gapPercent)));
    const pauses = new Set([...sizes.keys()].filter(() => isChosen(pausePercent)));
    return { segments: buildSegments(sizes), gaps, pauses, frames, absentFrames };
  });

/** Runs a search with a detector. */
export const searchEdge = (range: EdgeSearchRange, detect: (frame: FrameReference) => EdgeAnswer) => {
  // Each step starts from stored JSON, as after a crash.
  let search = beginEdgeSearch(range);
  const probes: FrameReference[] = [];
  for (;;) {
    search = JSON.parse(JSON.stringify(search)) as typeof search;
    const step = nextEdgeSearchStep(range, search);
    if (step.kind === "found") return { ...step, probes, maxDetections: search.maxDetections };
    probes.push(step.frame);
    search = resumeEdgeSearch(range, search, detect(step.frame));
  }
};

/** The channel's tables, in memory. */
export class ChannelRun {
  readonly appearances = new Map<string, Appearance>();
  readonly observations: { readonly frame: FrameReference; readonly labels: readonly string[] }[] = [];
  state: ChannelLabels = noLabels;
  readonly #plan: ChannelPlan;

  constructor(plan: ChannelPlan) {
    this.#plan = plan;
  }

  #findPlan({ segmentId, frame }: FrameReference): FramePlan | undefined {
    return this.#plan.frames[this.#plan.segments.findIndex(({ id }) => id === segmentId)]?.[frame];
  }

  #search(range: Omit<EdgeSearchRange, "segments">, label: string): FrameReference {
    return searchEdge({ ...range, segments: this.#plan.segments }, (frame) => {
      const plan = this.#findPlan(frame);
      if (plan === undefined) throw new Error(`Frame ${frame.frame} of ${frame.segmentId} is not archived`);
      return plan.isUnknown ? "unknown" : plan.labels.includes(label) ? "present" : "absent";
    }).frame;
  }

  #findEnd(action: Exclude<TrackerAction, { kind: "findStart" }>): FrameReference {
    const { label, present } = action;
    if (action.kind === "findEnd")
      return this.#search({ edge: "end", before: present, after: action.absent }, label);
    return getNextFrame(
      this.#plan.segments.find(({ id }) => id === present.segmentId),
      present,
    );
  }

  #act(action: TrackerAction): void {
    const { label } = action;
    if (action.kind === "findStart") {
      const { absent, present, confidence } = action;
      const before = absent && { before: absent };
      const start = this.#search({ edge: "start", ...before, after: present }, label);
      const id = buildAppearanceId(label, present);
      this.appearances.set(id, { id, channel: "news", label, status: "open", start, confidence });
      return;
    }
    const id = buildAppearanceId(label, action.firstPresent);
    const appearance = this.appearances.get(id);
    if (appearance === undefined) throw new Error(`Appearance ${id} has an end without a start`);
    const end = this.#findEnd(action);
    this.appearances.set(id, { ...appearance, status: "closed", end });
  }

  /** Processes a segment; with `crashAfter`, ends after so many candidates and forgets the state. */
  processSegment(index: number, crashAfter = Number.POSITIVE_INFINITY): void {
    let state = JSON.parse(JSON.stringify(this.state)) as ChannelLabels;
    const previous = this.#plan.segments[index - 1];
    if (this.#plan.pauses.has(index)) {
      const ended = endLabelsUnsearched(state);
      for (const action of ended.actions) this.#act(action);
      state = ended.state;
    }
    if (this.#plan.gaps.has(index) && previous !== undefined) {
      const closed = closeLabels(state, getSegmentEnd(previous));
      for (const action of closed.actions) this.#act(action);
      state = closed.state;
    }
    const segment = this.#plan.segments[index];
    const candidates = (segment === undefined ? [] : listFrames([segment])).filter((frame) => {
      const plan = this.#findPlan(frame);
      return plan?.isCandidate && !plan.isUnknown;
    });
    for (const [count, frame] of candidates.entries()) {
      if (count >= crashAfter) return;
      const found = this.#findPlan(frame)?.labels ?? [];
      const seen = found.map((name) => ({ name, confidence: 90 }));
      const next = observeFrame(state, { frame, labels: seen }, this.#plan.absentFrames);
      for (const action of next.actions) this.#act(action);
      state = next.state;
      this.observations.push({ frame, labels: found });
    }
    if (crashAfter === Number.POSITIVE_INFINITY) this.state = state;
  }

  /** Processes all segments, then ends the channel. */
  processAll(): this {
    for (const index of this.#plan.segments.keys()) this.processSegment(index);
    return this.end();
  }

  end(): this {
    const last = this.#plan.segments.at(-1);
    if (last === undefined) return this;
    const { state, actions } = closeLabels(this.state, getSegmentEnd(last));
    for (const action of actions) this.#act(action);
    this.state = state;
    return this;
  }
}
