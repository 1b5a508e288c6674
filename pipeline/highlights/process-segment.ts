import { isNearDuplicate } from "./candidate.ts";
import type { CandidateImages } from "./candidate-images.ts";
import { detectFrame, type FrameDetection, type UndetectedReason } from "./detect-frame.ts";
import { getSegmentEnd } from "./frame-order.ts";
import { closeLabels, observeFrame } from "./label-tracker.ts";
import type { ArchivedSegment, CandidateFrame, FrameReference } from "./segment.ts";
import { type ShownLabel, selectClipLabels } from "./shown-labels.ts";
import { updateAppearances } from "./update-appearances.ts";
import type { WatchedChannel, WatchPorts } from "./watch-ports.ts";
import { rememberCuts, type WatcherState } from "./watcher-state.ts";

/** A state, and why frames have no detection. */
export interface ProcessedSegment {
  readonly state: WatcherState;
  readonly undetected: readonly UndetectedReason[];
}

/**
 * Frames that are tried instead of one whose claim a watcher abandoned: they show the same, and were not paid for. A frame
 * whose response is lost is skipped: a detector that loses responses would be paid for each of the others, too.
 */
const maxNeighbors = 3;

/** What a candidate shows: from a detection, or from that of a frame that looks the same. */
type Shown =
  | {
      readonly kind: "shown";
      /** The frame that was detected. */
      readonly frame: FrameReference;
      readonly lastDetection: NonNullable<WatcherState["lastDetection"]>;
    }
  | UndetectedReason;

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
 * Finds what a candidate shows.
 *
 * @param endFrame the next candidate, or the number of frames: observations are in order
 */
const findShownLabels = async (
  ports: WatchPorts,
  watched: WatchedChannel,
  { lastDetection }: WatcherState,
  { segment, previous, images }: SegmentFrames,
  candidate: CandidateFrame,
  endFrame: number,
  signal: AbortSignal | undefined,
): Promise<Shown> => {
  const { hash } = candidate;
  const first = buildReference(segment, candidate.frame);
  if (lastDetection !== undefined && isNearDuplicate(lastDetection.hash, hash))
    return { kind: "shown", frame: first, lastDetection };
  let result: FrameDetection = { kind: "unknown", reason: "abandoned" };
  let frame = first;
  for (let neighbor = 0; neighbor <= maxNeighbors; neighbor += 1) {
    const index = candidate.frame + neighbor;
    if (index >= endFrame || result.kind !== "unknown" || result.reason !== "abandoned") break;
    frame = buildReference(segment, index);
    result = await detectFrame(
      ports,
      watched,
      frame,
      () => images.read(segment, previous, index, signal),
      undefined,
      signal,
    );
  }
  if (result.kind !== "detected") return result;
  const labels: readonly ShownLabel[] = selectClipLabels(watched.channel, result.record.detection);
  return { kind: "shown", frame, lastDetection: { hash, labels } };
};

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
  for (const [index, candidate] of candidates.entries()) {
    const endFrame = candidates[index + 1]?.frame ?? segment.frameTimes.length;
    const shown = await findShownLabels(ports, watched, state, frames, candidate, endFrame, signal);
    if (shown.kind !== "shown") {
      undetected.push(shown);
      continue;
    }
    const { frame, lastDetection } = shown;
    const { state: labels, actions } = observeFrame(state.labels, frame, lastDetection.labels, absentFrames);
    state = { ...state, lastDetection, labels };
    await updateAppearances(ports, watched, actions, state.cuts, signal);
  }
  return { state, undetected };
};

/** Ends what the channel shows at the end of a segment: it has ended, restarted, or misses segments after it. */
export const closeAppearances = async (
  ports: WatchPorts,
  watched: WatchedChannel,
  state: WatcherState,
  segment: ArchivedSegment,
  signal?: AbortSignal,
): Promise<WatcherState> => {
  const { state: labels, actions } = closeLabels(state.labels, getSegmentEnd(segment));
  await updateAppearances(ports, watched, actions, state.cuts, signal);
  const { lastDetection: _, ...rest } = state;
  return { ...rest, labels };
};
