import type { WorkLimits } from "../limits/work-limits.ts";
import { longestSeconds } from "./input-arguments.ts";
import type { Probe } from "./probe.ts";

/** What one run of ffmpeg may take, by what its source says of itself: a file that lies must not make a job run on. */
export interface RunBounds {
  /** Seconds of media; a jump of timestamps by more is not believed. */
  readonly mediaSeconds: number;
  /** Seconds of wall clock. */
  readonly wallSeconds: number;
}

/** Seconds a source says it lasts, by its longest stream; undefined where it does not say. */
const declaredSeconds = ({ durationSeconds, video, audio }: Probe): number | undefined => {
  const said = [durationSeconds, video?.durationSeconds, audio?.durationSeconds].filter(
    (seconds) => seconds !== undefined,
  );
  return said.length === 0 ? undefined : Math.max(...said);
};

/**
 * Twice the declared length and a minute of media, a minute of work for each second and ten more: far over what any
 * honest file takes, far under what a gap of hours would.
 *
 * @param wallSeconds what any run may take
 */
export const runBounds = (probe: Probe, limits: WorkLimits, wallSeconds: number): RunBounds => {
  const longest = longestSeconds(limits);
  const declared = declaredSeconds(probe) ?? longest;
  return {
    mediaSeconds: Math.ceil(Math.min(longest, 2 * declared + 60)),
    wallSeconds: Math.ceil(Math.min(wallSeconds, 60 * declared + 600)),
  };
};

/**
 * A run's arguments with its output bounded in media seconds. The bound must stand at the output: one at the input
 * lets a filter of constant rate fill a gap of hours with copies. A run that makes one picture is bounded by that.
 */
export const boundedArguments = (stepArguments: readonly string[], seconds: number): readonly string[] =>
  stepArguments.includes("-frames:v")
    ? stepArguments
    : [...stepArguments.slice(0, -1), "-t", String(seconds), ...stepArguments.slice(-1)];
