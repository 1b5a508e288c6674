import { archivePrefix } from "../configuration/channels-schema.ts";
import type { Limits } from "../configuration/configuration.ts";
import type { ClipOptions } from "../recipes/recipe.ts";
import type { ClipRequest } from "./clipper.ts";
import type { ArchivedSegment } from "./segment.ts";

/** Prefix of the sources of clips in the archive, in no folder of a channel. */
export const clipSourcePrefix = `${archivePrefix}_clips/`;
/** Prefix of clips in the output bucket. */
export const clipOutputPrefix = "highlights/";

/** Seconds between two frames of a segment: the median. */
const getFrameSeconds = ({ frameTimes, durationSeconds }: ArchivedSegment): number => {
  const intervals = frameTimes
    .slice(1)
    .map((time, index) => time - (frameTimes[index] ?? 0))
    .sort((first, second) => first - second);
  return intervals[Math.floor(intervals.length / 2)] ?? durationSeconds;
};

/** Seconds from the first frame of a segment to the end of its last one. */
const getVideoSeconds = (segment: ArchivedSegment): number =>
  (segment.frameTimes.at(-1) ?? 0) + getFrameSeconds(segment);

/**
 * Position of a time in the joined segments, seconds from their first frame. Counted by frames: the times of segments are
 * those of the channel's playlist, rounded, and may drift from the media.
 */
const locate = (segments: readonly ArchivedSegment[], time: number): number => {
  let offset = 0;
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    if (next === undefined || time < next.startTime - getFrameSeconds(segment) / 2)
      return offset + time - segment.startTime;
    offset += getVideoSeconds(segment);
  }
  return offset;
};

/** Why segments cannot be joined into one source; undefined if they can. */
export const findClipProblem = ({
  segments,
  startTime,
  endTime,
  clipId,
}: ClipRequest): string | undefined => {
  const [first] = segments;
  const last = segments.at(-1);
  if (first === undefined || last === undefined)
    return `Clip ${clipId} has no archived segments; they may have expired.`;
  // The segments of a timeline have the same initialization section.
  if (segments.some(({ timeline }) => timeline !== first.timeline))
    return `Clip ${clipId} crosses a discontinuity of the channel, so its segments have different timestamps. Clip the parts before and after it by hand.`;
  if (!(endTime > startTime)) return `Clip ${clipId} ends before it begins.`;
  if (
    startTime < first.startTime - getFrameSeconds(first) / 2 ||
    endTime > last.startTime + getVideoSeconds(last) + getFrameSeconds(last) / 2
  )
    return `The archived segments do not cover clip ${clipId}; some may have expired.`;
  return undefined;
};

const formatMebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** Which limit the source of a clip exceeds, and what to do; undefined if it exceeds none. @param bytes of the source */
export const findClipExcess = (
  { clipId, segments }: Pick<ClipRequest, "clipId" | "segments">,
  bytes: number,
  { maxSourceBytes, maxSourceMinutes }: Pick<Limits, "maxSourceBytes" | "maxSourceMinutes">,
): string | undefined => {
  const advice = "Clip a shorter time range, or raise the limit.";
  if (bytes > maxSourceBytes)
    return `The segments of clip ${clipId} have ${formatMebibytes(bytes)}, over the limit maxSourceBytes of ${formatMebibytes(maxSourceBytes)}. ${advice}`;
  const minutes = segments.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0) / 60;
  if (minutes > maxSourceMinutes)
    return `The segments of clip ${clipId} have ${minutes.toFixed(1)} minutes, over the limit maxSourceMinutes of ${maxSourceMinutes}. ${advice}`;
  return undefined;
};

/** Builds the recipe of a clip whose source is the joined segments. */
export const buildClipRecipe = ({ segments, startTime, endTime, cut }: ClipRequest): ClipOptions => {
  const seconds = Math.max(0, locate(segments, startTime));
  return {
    name: "clip",
    start: { seconds },
    origin: "first-frame",
    cut,
    durationSeconds: locate(segments, endTime) - seconds,
    maxFrameRate: 240,
  };
};
