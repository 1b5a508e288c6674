import { JobFailure } from "../errors/job-error.ts";
import { getMediaSeconds } from "../media/duration.ts";
import type { Probe } from "../media/probe.ts";
import type { ClipOptions } from "./recipe.ts";

/** The part of a source that a clip shows. */
export interface ClipRange {
  /** Seconds from the source's origin. */
  readonly startSeconds: number;
  readonly durationSeconds: number;
  /** Up to the end of the source; absent if that is unknown. */
  readonly availableSeconds?: number;
}

/**
 * Milliseconds before the first frame at which a clip starts. A position is rounded to milliseconds, and frames before it
 * are discarded.
 */
const leadMs = 1;

/** The position of a frame at which it is not discarded; 0 for the first one of a source that begins with it. */
const toFrameStart = (seconds: number): number => Math.max(0, Math.floor(seconds * 1000) - leadMs) / 1000;

/** @throws JobFailure 4014 for a percentage of an unknown duration */
const resolveStartSeconds = (
  { start, origin }: ClipOptions,
  probe: Probe,
  sourceSeconds: number | undefined,
): number => {
  const originSeconds = origin === "first-frame" ? (probe.video?.startSeconds ?? 0) : 0;
  if ("seconds" in start)
    return origin === "first-frame" ? toFrameStart(originSeconds + start.seconds) : start.seconds;
  if (start.percent === 0) return originSeconds;
  if (sourceSeconds === undefined)
    throw new JobFailure(
      4014,
      `The clip begins at ${start.percent} % of a source without a duration. Specify its start in seconds.`,
    );
  return originSeconds + ((sourceSeconds - originSeconds) * start.percent) / 100;
};

/** Resolves the part of a source. @throws JobFailure 4014 if it begins after the end */
export const resolveClipRange = (options: ClipOptions, probe: Probe): ClipRange => {
  const sourceSeconds = getMediaSeconds(probe);
  const startSeconds = resolveStartSeconds(options, probe, sourceSeconds);
  const { durationSeconds } = options;
  if (sourceSeconds === undefined) return { startSeconds, durationSeconds };
  if (startSeconds >= sourceSeconds)
    throw new JobFailure(
      4014,
      `The clip begins at ${startSeconds.toFixed(2)} s, but the source is ${sourceSeconds.toFixed(2)} s long. Specify an earlier start.`,
    );
  return {
    startSeconds,
    durationSeconds,
    availableSeconds: Math.min(durationSeconds, sourceSeconds - startSeconds),
  };
};
