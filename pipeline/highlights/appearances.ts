import { type Appearance, type Edge, edges } from "./appearance.ts";
import { compareFrames } from "./frame-order.ts";
import type { FrameReference } from "./segment.ts";

/**
 * Builds the id of an appearance: `SEGMENT-FRAME-LABEL`. The first frame that the label was found in does not change when
 * a segment is processed again. Characters of the label other than letters and digits become `_` and their bytes in
 * hexadecimal digits, so that the id fits URLs and object keys.
 */
export const buildAppearanceId = (label: string, firstPresent: FrameReference): string => {
  const encodedLabel = label.replaceAll(/[^A-Za-z0-9]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `_${byte.toString(16).padStart(2, "0")}`).join(""),
  );
  return `${firstPresent.segmentId}-${firstPresent.frame}-${encodedLabel}`;
};

/** Parses the id of an appearance: the first frame that its label was found in; undefined if it is not such an id. */
export const parseAppearanceId = (id: string): Pick<FrameReference, "segmentId" | "frame"> | undefined => {
  const [, segmentId, frame] = /^(\d+-\d+)-(\d+)-/.exec(id) ?? [];
  return segmentId === undefined ? undefined : { segmentId, frame: Number(frame) };
};

/**
 * Appearances this close touch. Times of segments are rounded to milliseconds in playlists, so that a segment may seem
 * to start shortly after the end of the one before. About a frame.
 */
const touchSeconds = 0.05;

/** The segments of another variant may begin this long before the end of those of the variant before. */
const maxOverlapSeconds = 5;

/**
 * Whether an appearance goes on in a later one. Frames are ordered by segment; times order them within a timeline only,
 * because a clock may jump back.
 */
const isTouching = ({ start, end }: Appearance, later: Appearance): boolean => {
  if (end === undefined || compareFrames(later.start, end) <= 0) return true;
  const gapSeconds = later.start.time - end.time;
  return gapSeconds <= touchSeconds && gapSeconds >= -maxOverlapSeconds && later.start.time >= start.time;
};

/** Whether an edge of an appearance is not exact. */
const isInexact = ({ inexactEdges = [] }: Appearance, edge: Edge): boolean => inexactEdges.includes(edge);

/**
 * Joins two appearances of one label: the first one's id; image and clip of the first one that has them.
 *
 * @param last the one whose end is that of both; undefined if they have not ended
 */
const join = (first: Appearance, second: Appearance, last: Appearance | undefined): Appearance => {
  const { end: _end, inexactEdges: _edges, ...rest } = { ...second, ...first };
  const earliest = compareFrames(first.start, second.start) <= 0 ? first : second;
  const inexactEdges = edges.filter((edge) => {
    const source = edge === "start" ? earliest : last;
    return source !== undefined && isInexact(source, edge);
  });
  return {
    ...rest,
    status: last?.end === undefined ? "open" : "closed",
    start: earliest.start,
    ...(last?.end === undefined ? {} : { end: last.end }),
    ...(inexactEdges.length === 0 ? {} : { inexactEdges }),
    confidence: Math.max(first.confidence, second.confidence),
  };
};

/** Joins two records of one appearance. Once closed, it stays closed. */
const joinRecords = (newer: Appearance, older: Appearance): Appearance =>
  join(newer, older, newer.end === undefined ? older : newer);

/** Joins two appearances that overlap or touch. It is open if one of them is. */
const joinTouching = (first: Appearance, second: Appearance): Appearance => {
  if (first.end === undefined || second.end === undefined) return join(first, second, undefined);
  return join(first, second, compareFrames(first.end, second.end) >= 0 ? first : second);
};

const compareAppearances = (first: Appearance, second: Appearance): number =>
  compareFrames(first.start, second.start) || (first.id < second.id ? -1 : first.id > second.id ? 1 : 0);

export interface MergedAppearances {
  /** Ordered by start. Those of one label neither overlap nor touch. */
  readonly appearances: readonly Appearance[];
  /** Id of an appearance that is part of another → id of that one. */
  readonly mergedInto: Readonly<Record<string, string>>;
}

/**
 * Merges appearances of one channel that overlap or touch and have the same label. The result has the id of the earliest
 * one. Records of one id are one appearance, the later in the list the newer. Apart from that, the order of the list does
 * not matter.
 */
export const mergeAppearances = (appearances: readonly Appearance[]): MergedAppearances => {
  const byId = new Map<string, Appearance>();
  for (const appearance of appearances) {
    const record = byId.get(appearance.id);
    byId.set(appearance.id, record === undefined ? appearance : joinRecords(appearance, record));
  }
  const merged: Appearance[] = [];
  const mergedInto: Record<string, string> = {};
  const newest = new Map<string, number>();
  for (const appearance of [...byId.values()].sort(compareAppearances)) {
    const index = newest.get(appearance.label);
    const previous = index === undefined ? undefined : merged[index];
    if (index !== undefined && previous !== undefined && isTouching(previous, appearance)) {
      merged[index] = joinTouching(previous, appearance);
      mergedInto[appearance.id] = previous.id;
    } else newest.set(appearance.label, merged.push(appearance) - 1);
  }
  return { appearances: merged, mergedInto };
};
