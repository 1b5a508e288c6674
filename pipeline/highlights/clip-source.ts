import { archivePrefix } from "../configuration/channels-schema.ts";
import type { Limits } from "../configuration/configuration.ts";
import type { ClipOptions, ClipPartOptions } from "../recipes/recipe.ts";
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

/** Most timelines of a clip: each is a source of its own. */
const maxTimelines = 50;

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
  const timelineCount = new Set(segments.map(({ timeline }) => timeline)).size;
  if (timelineCount > maxTimelines)
    return `Clip ${clipId} crosses ${timelineCount - 1} discontinuities of the channel; at most ${maxTimelines - 1} are joined. Clip a shorter time range.`;
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

/** The part of a clip that one timeline has. */
export interface ClipTimeline extends ClipPartOptions {
  /** In order. */
  readonly segments: readonly ArchivedSegment[];
}

/**
 * Divides a clip at the discontinuities of its channel. Each part is exact: it ends with the last frame before a
 * discontinuity and begins with the first one after it. A part that has no frame of the clip is left out.
 */
export const divideClip = ({
  segments,
  startTime,
  endTime,
}: Pick<ClipRequest, "segments" | "startTime" | "endTime">): readonly ClipTimeline[] => {
  const timelines: ArchivedSegment[][] = [];
  for (const segment of segments) {
    const last = timelines.at(-1);
    if (last?.[0]?.timeline === segment.timeline) last.push(segment);
    else timelines.push([segment]);
  }
  const parts = timelines.map((timeline, index): ClipTimeline => {
    const startSeconds = index === 0 ? Math.max(0, locate(timeline, startTime)) : 0;
    const endSeconds =
      index === timelines.length - 1
        ? locate(timeline, endTime)
        : timeline.reduce((sum, segment) => sum + getVideoSeconds(segment), 0);
    return { segments: timeline, startSeconds, durationSeconds: endSeconds - startSeconds };
  });
  const [first] = segments;
  const halfFrame = first === undefined ? 0 : getFrameSeconds(first) / 2;
  const shown = parts.filter(({ durationSeconds }) => durationSeconds > halfFrame);
  return shown.length === 0 ? parts.slice(0, 1) : shown;
};

/** Builds the recipe of a clip whose sources are the joined segments of each timeline. */
export const buildClipRecipe = (
  { cut }: Pick<ClipRequest, "cut">,
  timelines: readonly ClipTimeline[],
): ClipOptions => {
  const parts = timelines.map(({ startSeconds, durationSeconds }) => ({ startSeconds, durationSeconds }));
  return {
    name: "clip",
    start: { seconds: parts[0]?.startSeconds ?? 0 },
    origin: "first-frame",
    cut,
    durationSeconds: parts.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0),
    maxFrameRate: 240,
    ...(parts.length > 1 ? { parts } : {}),
  };
};
