import type { ChannelSettings } from "../configuration/channels-schema.ts";
import type { AppearanceStore } from "./appearance-store.ts";
import type { Clipper, ClipResult } from "./clipper.ts";
import { formatTime } from "./format-time.ts";
import { getSegmentEnd } from "./frame-order.ts";
import type { ArchivedSegment } from "./segment.ts";

/** Longest clip of a time range, seconds: the API reads the records of its segments before it answers. */
export const maxRangeSeconds = 3600;
/** Segments of a playlist with rounded times seem to have short gaps and overlaps. */
const maxGapSeconds = 0.5;

export interface RangeClipPorts {
  readonly store: Pick<AppearanceStore, "listSegments">;
  readonly clipper: Clipper;
}
/** A part of a channel. */
export interface ClipTimeRange {
  /** Epoch seconds of the first frame. */
  readonly fromTime: number;
  /** Epoch seconds of the first frame that does not belong to the clip. */
  readonly toTime: number;
}

/** Builds the id of the clip of a time range: the same for the same range, to the millisecond. */
export const buildRangeClipId = ({ fromTime, toTime }: ClipTimeRange): string =>
  `range-${Math.round(fromTime * 1000)}-${Math.round(toTime * 1000)}`;

/** Why a time range cannot be a clip, without a look at the archive; undefined if it can. */
const findRangeProblem = ({ fromTime, toTime }: ClipTimeRange): string | undefined => {
  if (!Number.isFinite(fromTime) || !Number.isFinite(toTime))
    return "The range needs a start and an end, in epoch seconds.";
  if (!(toTime > fromTime)) return "The range ends before it begins. Choose an end after the start.";
  const seconds = toTime - fromTime;
  if (seconds > maxRangeSeconds)
    return `The range lasts ${Math.ceil(seconds)} s; a clip lasts at most ${maxRangeSeconds} s. Choose a shorter range.`;
  return undefined;
};

/** What of a time range the archive lacks; undefined if it has all of it. @param segments in order */
const findArchiveProblem = (
  channel: string,
  { fromTime, toTime }: ClipTimeRange,
  segments: readonly ArchivedSegment[],
): string | undefined => {
  const [first] = segments;
  const last = segments.at(-1);
  if (first === undefined || last === undefined)
    return `The archive of channel ${channel} has no video from ${formatTime(fromTime)} to ${formatTime(toTime)}: it was not watched then, or the video has expired.`;
  if (first.startTime > fromTime + maxGapSeconds)
    return `The archive of channel ${channel} begins at ${formatTime(first.startTime)} in this range. Choose that start or a later one.`;
  const end = getSegmentEnd(last).time;
  if (end < toTime - maxGapSeconds)
    return `The archive of channel ${channel} ends at ${formatTime(end)} in this range. Choose that end or an earlier one, or request the clip later.`;
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    if (next === undefined) break;
    const segmentEnd = getSegmentEnd(segment).time;
    if (Math.abs(next.startTime - segmentEnd) > maxGapSeconds)
      return next.startTime > segmentEnd
        ? `The archive of channel ${channel} has no video from ${formatTime(segmentEnd)} to ${formatTime(next.startTime)}. Choose a range before or after it.`
        : `The clock of channel ${channel} jumped back at ${formatTime(segmentEnd)}. Choose a range before or after it.`;
  }
  return undefined;
};

/**
 * Requests the clip of a part of a channel. The same range makes one clip, however often it is requested. A range that
 * the archive does not have, or one that is not valid, is refused with the reason.
 *
 * @throws StoreFailure, and transient errors of the clipper
 */
export const requestRangeClip = async (
  { store, clipper }: RangeClipPorts,
  { name, cut }: Pick<ChannelSettings, "name" | "cut">,
  range: ClipTimeRange,
): Promise<ClipResult> => {
  const rangeProblem = findRangeProblem(range);
  if (rangeProblem !== undefined) return { kind: "refused", reason: rangeProblem };
  const segments: ArchivedSegment[] = [];
  for await (const segment of store.listSegments(name, range)) segments.push(segment);
  segments.sort((first, second) => (first.id < second.id ? -1 : 1));
  const archiveProblem = findArchiveProblem(name, range, segments);
  if (archiveProblem !== undefined) return { kind: "refused", reason: archiveProblem };
  const [first] = segments;
  const last = segments.at(-1);
  return clipper.createClip({
    channel: name,
    clipId: buildRangeClipId(range),
    segments,
    startTime: Math.max(range.fromTime, first?.startTime ?? range.fromTime),
    endTime: last === undefined ? range.toTime : Math.min(range.toTime, getSegmentEnd(last).time),
    cut,
  });
};
