import type { Edge } from "./appearance.ts";
import { compareFrames } from "./frame-order.ts";
import type { ArchivedSegment, FrameReference } from "./segment.ts";

/** A frame whose image differs from the one before it. */
export interface SceneCut {
  /** The first frame of the new scene. */
  readonly frame: FrameReference;
  /** Scene score, 0–1. */
  readonly score: number;
}

/** A frame beside which an edge is searched, or the end of a segment (`getSegmentEnd`). */
export interface EdgeBound extends FrameReference {
  /** Set if the frames on its other side are not searched: an edge at the bound is not exact. */
  readonly isCutOff?: true;
}

/** Where to search the first frame that shows a label (edge `start`), or the first frame that no longer does (`end`). */
export interface EdgeSearchRange {
  readonly edge: Edge;
  /**
   * The last frame known to be before the edge. If it is absent, or earlier than the archived frames, the first archived
   * frame can be the edge.
   */
  readonly before?: EdgeBound;
  /** A frame after the edge, or the edge. */
  readonly after: EdgeBound;
  /** The archived segments between, ordered by id, of any number of timelines. Others are ignored. */
  readonly segments: readonly Pick<ArchivedSegment, "id" | "startTime" | "frameTimes">[];
  /** Cuts between, in any order. Others are ignored. */
  readonly cuts?: readonly SceneCut[];
}

/** State of a search in its range. JSON. Positions count the archived frames of the range's segments, from 0. */
export interface EdgeSearch {
  /** Position of the last frame before the edge; −1 before the first archived frame. */
  readonly low: number;
  /** Position of the first frame after the edge; the number of frames if that frame is not archived. */
  readonly high: number;
  /** Positions of the cuts to try, in this order. */
  readonly cuts: readonly number[];
  /** Positions of frames without an answer. */
  readonly unknown: readonly number[];
  /** Number of answers. */
  readonly detections: number;
  readonly maxDetections: number;
}

/** What a detector says about the label in a frame. `unknown`: the frame cannot be detected. */
export type EdgeAnswer = "present" | "absent" | "unknown";

export type EdgeSearchStep =
  | {
      readonly kind: "detect";
      readonly frame: FrameReference;
      /** Whether the frame is the last one before a cut, or the first one after it. */
      readonly isBesideCut: boolean;
    }
  | {
      readonly kind: "found";
      /** The first frame with the label, or the first without it; the end of a segment if no archived frame is. */
      readonly frame: FrameReference;
      /**
       * False if the edge may be elsewhere: frames between the known ones could not be detected or decoded, or those on the
       * other side of a bound are not searched. Then it is the first frame known to be after the edge.
       */
      readonly isExact: boolean;
      readonly detections: number;
    };

/** A label mostly changes at a cut, if at all; each further one costs up to two detections. */
const maxCuts = 2;
/** Frames without an answer after which a search ends: more of them have one cause, which the next frame shares. */
const maxUnknownFrames = 8;

/** Number of archived frames earlier than a frame. */
const countEarlier = ({ segments }: EdgeSearchRange, { segmentId, frame }: FrameReference): number =>
  segments
    .filter(({ id }) => id <= segmentId)
    .reduce(
      (sum, { id, frameTimes }) =>
        sum + (id === segmentId ? Math.min(frame, frameTimes.length) : frameTimes.length),
      0,
    );

/** Number of archived frames up to a frame, included. */
const countUpTo = (range: EdgeSearchRange, frame: FrameReference): number =>
  countEarlier(range, { ...frame, frame: frame.frame + 1 });

const findFrame = ({ segments }: EdgeSearchRange, position: number): FrameReference | undefined => {
  let first = 0;
  for (const { id, startTime, frameTimes } of segments) {
    const seconds = frameTimes[position - first];
    if (seconds !== undefined) return { segmentId: id, frame: position - first, time: startTime + seconds };
    first += frameTimes.length;
  }
  return undefined;
};

const isArchived = (range: EdgeSearchRange, frame: FrameReference): boolean =>
  countUpTo(range, frame) > countEarlier(range, frame);

/** The cuts to try, the strongest first. A bound that is no archived frame is a cut that is stronger than any other. */
const selectCuts = (range: EdgeSearchRange, low: number, high: number): readonly number[] => {
  const ends = [
    ...(isArchived(range, range.after) ? [] : [high]),
    ...(range.before !== undefined && isArchived(range, range.before) ? [] : [low + 1]),
  ];
  const positions = (range.cuts ?? [])
    .toSorted((a, b) => b.score - a.score || compareFrames(a.frame, b.frame))
    .filter(({ frame }) => isArchived(range, frame))
    .map(({ frame }) => countEarlier(range, frame))
    .filter((position) => position > low && position <= high);
  return [...new Set([...ends, ...positions])].slice(0, maxCuts);
};

/**
 * Begins a search. It needs at most ⌈log₂ n⌉ answers, n the number of frames from `before` (excluded) to `after`
 * (included), and two more for each of the two strongest cuts.
 */
export const beginEdgeSearch = (range: EdgeSearchRange): EdgeSearch => {
  const low = range.before === undefined ? -1 : countUpTo(range, range.before) - 1;
  const high = Math.max(low + 1, countEarlier(range, range.after));
  const cuts = high - low <= 1 ? [] : selectCuts(range, low, high);
  return {
    low,
    high,
    cuts,
    unknown: [],
    detections: 0,
    maxDetections: Math.ceil(Math.log2(high - low)) + 2 * cuts.length,
  };
};

/** A frame to detect. */
interface Probe {
  readonly position: number;
  readonly isBesideCut: boolean;
}

/** The frames around a cut, then the middle of the range; the next frame that can be detected, if it cannot. */
const findProbe = ({
  low,
  high,
  cuts,
  unknown,
  detections,
  maxDetections,
}: EdgeSearch): Probe | undefined => {
  if (detections >= maxDetections || unknown.length >= maxUnknownFrames) return undefined;
  const isOpen = (position: number): boolean =>
    position > low && position < high && !unknown.includes(position);
  const besideCut = cuts
    .filter((cut) => cut > low && cut <= high)
    .flatMap((cut) => [cut - 1, cut])
    .find(isOpen);
  if (besideCut !== undefined) return { position: besideCut, isBesideCut: true };
  const middle = Math.floor((low + high) / 2);
  for (let distance = 0; distance < high - low; distance += 1) {
    const position = [middle + distance, middle - distance].find(isOpen);
    if (position !== undefined) return { position, isBesideCut: false };
  }
  return undefined;
};

/** Whether a segment was archived without its frames just before the frame at a position. */
const isAfterUndecoded = ({ segments, before, after }: EdgeSearchRange, position: number): boolean => {
  let first = 0;
  for (const { id, frameTimes } of segments) {
    const isBetween = (before === undefined || id > before.segmentId) && id <= after.segmentId;
    if (isBetween && frameTimes.length === 0 && first === position) return true;
    first += frameTimes.length;
  }
  return false;
};

/** Whether an edge between two positions is at a bound on whose other side nothing is searched. */
const isAtCutOff = (range: EdgeSearchRange, low: number, high: number): boolean => {
  const { edge, before, after } = range;
  if (edge === "end") return after.isCutOff === true && high === countEarlier(range, after);
  return before?.isCutOff === true && low === countUpTo(range, before) - 1;
};

/** Returns the frame to detect next, or the result. */
export const nextEdgeSearchStep = (range: EdgeSearchRange, search: EdgeSearch): EdgeSearchStep => {
  const probe = findProbe(search);
  const frame = probe && findFrame(range, probe.position);
  if (probe !== undefined && frame !== undefined)
    return { kind: "detect", frame, isBesideCut: probe.isBesideCut };
  const { low, high, detections } = search;
  const { isCutOff: _, ...after } = range.after;
  return {
    kind: "found",
    frame: (high < countEarlier(range, after) ? findFrame(range, high) : undefined) ?? after,
    isExact: high - low <= 1 && !isAfterUndecoded(range, high) && !isAtCutOff(range, low, high),
    detections,
  };
};

/**
 * Continues a search with the answer for the frame of its last step.
 *
 * @throws RangeError if the search has its result
 */
export const resumeEdgeSearch = (
  { edge }: EdgeSearchRange,
  search: EdgeSearch,
  answer: EdgeAnswer,
): EdgeSearch => {
  const position = findProbe(search)?.position;
  if (position === undefined) throw new RangeError("The search of the edge is complete; it needs no answer.");
  if (answer === "unknown") return { ...search, unknown: [...search.unknown, position] };
  const isAfter = (answer === "present") === (edge === "start");
  const detections = search.detections + 1;
  return isAfter ? { ...search, high: position, detections } : { ...search, low: position, detections };
};
