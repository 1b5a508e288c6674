import { isMediaFailure } from "../errors/job-error.ts";
import { type DetectionScope, detectFrame } from "./detect-frame.ts";
import {
  beginEdgeSearch,
  type EdgeAnswer,
  type EdgeSearchRange,
  nextEdgeSearchStep,
  resumeEdgeSearch,
  type SceneCut,
} from "./edge-search.ts";
import type { SegmentStream } from "./frame-reader.ts";
import { listSameViews, type RecentDetection } from "./recent-detections.ts";
import type { ArchivedSegment, FrameReference } from "./segment.ts";
import { isCelebrityLabel, selectClipLabels } from "./shown-labels.ts";
import type { WatchedChannel, WatchPorts } from "./watch-ports.ts";

/** Whether a segment can be decoded before those of a timeline. */
export const canPrecede = (
  segment: ArchivedSegment | undefined,
  timeline: number,
): segment is ArchivedSegment => segment?.timeline === timeline && segment.frameTimes.length > 0;

/** Builds the stream of one archived segment, with the one before it if that is of the same timeline. */
export const buildSegmentStream = (
  segment: ArchivedSegment,
  previous: ArchivedSegment | undefined,
): SegmentStream => ({
  ...(segment.initialization === undefined ? {} : { initialization: segment.initialization }),
  ...(canPrecede(previous, segment.timeline) ? { previous } : {}),
  segments: [segment],
});

/** The archived segments from one frame's to another's, and the one before. Ordered. */
const listRange = async (
  { store }: Pick<WatchPorts, "store">,
  channel: string,
  from: FrameReference | undefined,
  to: FrameReference,
): Promise<readonly ArchivedSegment[]> => {
  const segments: ArchivedSegment[] = [];
  const range = {
    ...(from === undefined ? { fromId: to.segmentId } : { fromId: from.segmentId }),
    toId: to.segmentId,
  };
  for await (const segment of store.listSegments(channel, range)) segments.push(segment);
  return segments;
};

/** An appearance whose edge is searched. */
export interface SearchedAppearance {
  readonly label: string;
  /** The frame that the label was found in first; it has a detection. */
  readonly firstPresent: FrameReference;
}

/** What its probes search for: one of labels and celebrities, so that a probe costs one call. */
const selectScope = async (
  { store }: Pick<WatchPorts, "store">,
  { channel }: WatchedChannel,
  { label, firstPresent }: SearchedAppearance,
): Promise<DetectionScope> => {
  const record = channel.celebrities ? await store.readDetection(channel.name, firstPresent) : undefined;
  const isCelebrity = record !== undefined && isCelebrityLabel(label, record.detection);
  return { labels: !isCelebrity, celebrities: isCelebrity };
};

/** What a watcher remembers of its channel, and a search uses. */
export interface EdgeHints {
  /** The latest scene cuts. */
  readonly cuts: readonly SceneCut[];
  readonly recentDetections: readonly RecentDetection[];
}

/** Where an edge is. */
export interface FoundEdge {
  readonly frame: FrameReference;
  /** False if frames beside it could not be detected or decoded, e.g. because a cap is reached, or are not searched. */
  readonly isExact: boolean;
}

/**
 * Finds the edge of an appearance to the frame, by detections of archived frames. Without an answer to one of them, e.g.
 * because a cap is reached, the search tries others, and may end before it is exact. A frame beside a cut whose view was
 * detected shows what that view shows, and is not detected.
 *
 * @throws DetectionFailure unless a frame is the reason: a later search can succeed, and pays no frame twice
 */
export const findEdge = async (
  ports: WatchPorts,
  watched: WatchedChannel,
  appearance: SearchedAppearance,
  bounds: Pick<EdgeSearchRange, "edge" | "before" | "after">,
  { cuts, recentDetections }: EdgeHints,
  signal?: AbortSignal,
): Promise<FoundEdge> => {
  const { channel } = watched;
  const { label } = appearance;
  const scope = await selectScope(ports, watched, appearance);
  const omitted = scope.labels ? "label" : "celebrity";
  const segments = await listRange(ports, channel.name, bounds.before, bounds.after);
  const range: EdgeSearchRange = { ...bounds, segments, cuts };

  const readImage = async ({ segmentId, frame }: FrameReference): Promise<Uint8Array | undefined> => {
    const index = segments.findIndex(({ id }) => id === segmentId);
    const segment = segments[index];
    if (segment === undefined) return undefined;
    try {
      const stream = buildSegmentStream(segment, segments[index - 1]);
      const [image] = await watched.lease.hold(
        (held) => ports.frames.readFrames(stream, [frame], held),
        signal,
      );
      return image;
    } catch (cause) {
      if (!isMediaFailure(cause)) throw cause;
      return undefined;
    }
  };

  const detect = async (
    frame: FrameReference,
    readFrame: () => Promise<Uint8Array | undefined>,
  ): Promise<EdgeAnswer> => {
    const result = await detectFrame(ports, watched, frame, readFrame, scope, signal);
    if (result.kind !== "detected" || result.record.omitted === omitted) return "unknown";
    const { detection } = result.record;
    if (selectClipLabels(channel, detection).some(({ name }) => name === label)) return "present";
    return scope.celebrities && detection.celebritiesFailure !== undefined ? "unknown" : "absent";
  };

  /** What the view of a frame shows; undefined if it was not detected, or with different results. */
  const recallView = async (image: Uint8Array, time: number): Promise<EdgeAnswer | undefined> => {
    const grayLevels = await ports.frames.measureGrayLevels(image);
    const answers = listSameViews(recentDetections, grayLevels, time)
      .filter(({ areCelebritiesUnknown = false }) => !(scope.celebrities && areCelebritiesUnknown))
      .map(({ labels }) => labels.some(({ name }) => name === label));
    const [isPresent] = answers;
    if (isPresent === undefined || answers.includes(!isPresent)) return undefined;
    return isPresent ? "present" : "absent";
  };

  const answer = async (frame: FrameReference, isBesideCut: boolean): Promise<EdgeAnswer> => {
    const isDetected = (await ports.store.readDetection(channel.name, frame)) !== undefined;
    if (isDetected || !isBesideCut) return detect(frame, () => readImage(frame));
    const image = await readImage(frame);
    const known = image === undefined ? undefined : await recallView(image, frame.time);
    return known ?? detect(frame, async () => image);
  };

  let search = beginEdgeSearch(range);
  for (;;) {
    const step = nextEdgeSearchStep(range, search);
    if (step.kind === "found") return { frame: step.frame, isExact: step.isExact };
    search = resumeEdgeSearch(range, search, await answer(step.frame, step.isBesideCut));
  }
};
