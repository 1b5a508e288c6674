import type { ChannelSettings } from "../configuration/channels-schema.ts";
import type { Detection } from "../ports/label-detector.ts";
import type { CandidateImages } from "./candidate-images.ts";
import { spendCut } from "./cut-budget.ts";
import { detectFrame, type FrameDetection, type UndetectedReason } from "./detect-frame.ts";
import type { DetectedFrames } from "./detection-status.ts";
import { observeFrame } from "./label-tracker.ts";
import { findSimilarDetection, type RecentDetection, rememberDetection } from "./recent-detections.ts";
import type { ArchivedSegment, CandidateFrame, FrameReference } from "./segment.ts";
import { selectClipLabels } from "./shown-labels.ts";
import { updateAppearances } from "./update-appearances.ts";
import type { WatchedChannel, WatchPorts } from "./watch-ports.ts";
import { rememberCuts, type WatcherState } from "./watcher-state.ts";

/** A state, and what became of the frames. */
export interface ProcessedSegment extends DetectedFrames {
  readonly state: WatcherState;
}

/**
 * Frames that are tried instead of one whose claim a watcher abandoned: they show the same, and were not paid for. A frame
 * whose response is lost is skipped: a detector that loses responses would be paid for each of the others, too.
 */
const maxNeighbors = 3;

/** What is known of a candidate. */
type CandidateDetection =
  | {
      readonly kind: "detected";
      /** The frame that was detected. */
      readonly frame: FrameReference;
      readonly detection: Detection;
    }
  | UndetectedReason;

/** What a frame shows. */
type Shown = Omit<RecentDetection, "hash" | "grayLevels" | "time">;

const describeShown = (channel: ChannelSettings, detection: Detection): Shown => ({
  labels: selectClipLabels(channel, detection),
  ...(detection.celebritiesFailure === undefined ? {} : { areCelebritiesUnknown: true }),
});

/** A segment with what its frames are read from. */
export interface SegmentFrames {
  readonly segment: ArchivedSegment;
  /** The archived segment before, if there is one. */
  readonly previous: ArchivedSegment | undefined;
  readonly images: Pick<CandidateImages, "read">;
}

const buildReference = ({ id, startTime, frameTimes }: ArchivedSegment, frame: number): FrameReference => ({
  segmentId: id,
  frame,
  time: startTime + (frameTimes[frame] ?? 0),
});

/**
 * Detects a candidate.
 *
 * @param endFrame the next candidate, or the number of frames: observations are in order
 */
const detectCandidate = async (
  ports: WatchPorts,
  watched: WatchedChannel,
  { segment, previous, images }: SegmentFrames,
  first: FrameReference,
  endFrame: number,
  signal: AbortSignal | undefined,
): Promise<CandidateDetection> => {
  let result: FrameDetection = { kind: "unknown", reason: "abandoned" };
  let frame = first;
  for (let neighbor = 0; neighbor <= maxNeighbors; neighbor += 1) {
    const index = first.frame + neighbor;
    if (index >= endFrame || result.kind !== "unknown" || result.reason !== "abandoned") break;
    frame = buildReference(segment, index);
    result = await detectFrame(
      ports,
      watched,
      frame,
      () => watched.lease.hold((held) => images.read(segment, previous, index, held), signal),
      undefined,
      signal,
    );
  }
  if (result.kind !== "detected") return result;
  return { kind: "detected", frame, detection: result.record.detection };
};

/** Whether a candidate has to be detected, whatever the budget for cuts is. */
const isDue = (
  { labels: { lastFrame } }: WatcherState,
  { sceneThreshold, maxGapSeconds }: Pick<ChannelSettings, "sceneThreshold" | "maxGapSeconds">,
  { sceneScore }: CandidateFrame,
  time: number,
): boolean =>
  sceneScore <= sceneThreshold || lastFrame === undefined || Math.abs(time - lastFrame.time) >= maxGapSeconds;

/**
 * Detects the candidates of an archived segment, and begins and ends appearances. The result depends on the state, the
 * segment and the detections alone, so that a segment can be processed again after a crash.
 */
export const processSegment = async (
  ports: WatchPorts,
  watched: WatchedChannel,
  initialState: WatcherState,
  frames: SegmentFrames,
  signal?: AbortSignal,
): Promise<ProcessedSegment> => {
  const { segment } = frames;
  const { candidates } = segment;
  const { sceneThreshold, absentFrames } = watched.channel;
  const cuts = candidates
    .filter(({ sceneScore }) => sceneScore > sceneThreshold)
    .map(({ frame, sceneScore }) => ({ frame: buildReference(segment, frame), score: sceneScore }));
  let state: WatcherState = {
    ...initialState,
    detectedSegmentId: segment.id,
    cuts: rememberCuts(initialState.cuts, cuts),
  };
  const undetected: UndetectedReason[] = [];
  const detections: Detection[] = [];
  /** Adds what a frame shows. */
  const observe = async (frame: FrameReference, shown: Shown): Promise<void> => {
    const { state: labels, actions } = observeFrame(state.labels, { ...shown, frame }, absentFrames);
    state = { ...state, labels };
    await updateAppearances(ports, watched, actions, state, signal);
  };
  for (const [index, candidate] of candidates.entries()) {
    const { hash } = candidate;
    const reference = buildReference(segment, candidate.frame);
    const { time } = reference;
    const readGrayLevels = async (): Promise<string | undefined> => {
      const image = await watched.lease.hold(
        (held) => frames.images.read(segment, frames.previous, candidate.frame, held),
        signal,
      );
      return image && ports.frames.measureGrayLevels(image);
    };
    const similar = await findSimilarDetection(state.recentDetections, hash, time, readGrayLevels);
    if (similar !== undefined) {
      state = { ...state, recentDetections: rememberDetection(state.recentDetections, similar) };
      await observe(reference, similar);
      continue;
    }
    const next = candidates[index + 1];
    if (!isDue(state, watched.channel, candidate, time)) {
      const nextTime = next === undefined ? undefined : buildReference(segment, next.frame).time;
      const cutBudget = spendCut(state.cutBudget, time, nextTime);
      if (cutBudget === undefined) continue;
      state = { ...state, cutBudget };
    }
    const endFrame = next?.frame ?? segment.frameTimes.length;
    const result = await detectCandidate(ports, watched, frames, reference, endFrame, signal);
    if (result.kind !== "detected") {
      undetected.push(result);
      continue;
    }
    const { frame, detection } = result;
    detections.push(detection);
    const shown = describeShown(watched.channel, detection);
    const grayLevels = await readGrayLevels();
    state = {
      ...state,
      recentDetections: rememberDetection(state.recentDetections, {
        hash,
        ...(grayLevels === undefined ? {} : { grayLevels }),
        time,
        ...shown,
      }),
    };
    await observe(frame, shown);
  }
  return { state, undetected, detections };
};
