import type { Probe } from "../media/probe.ts";
import type { WorkLimits } from "../media/source-limits.ts";
import { longestSeconds } from "./input-arguments.ts";

/** What one run of ffmpeg may take, by what its source says of itself: a file that lies must not make a job run on. */
export interface RunBounds {
  /** Seconds of media; a jump of timestamps by more is not believed. */
  readonly mediaSeconds: number;
  /** Seconds of wall clock; the time that the run waits for the store does not count. */
  readonly wallSeconds: number;
}

/** Seconds that one probe, or one run of ffmpeg, may work on a still image. */
export const imageSeconds = 60;
/** Seconds that one probe of any other file may work. */
export const probeSeconds = 120;

/**
 * Bytes per second of the leanest media that is worth a job: 1 kbit/s. A still screen in H.264, silence in AAC and
 * speech with pauses in Opus all take more.
 */
const leastBytesPerSecond = 125;

/** Seconds a source says it lasts, by its longest stream; undefined where it does not say. */
const declaredSeconds = ({ durationSeconds, video, audio }: Probe): number | undefined => {
  const said = [durationSeconds, video?.durationSeconds, audio?.durationSeconds].filter(
    (seconds) => seconds !== undefined,
  );
  return said.length === 0 ? undefined : Math.max(...said);
};

/**
 * Seconds that a source can last: what it declares, else what its bytes hold at the lowest plausible bit rate
 * (1 kbit/s), and never more than `maxSourceMinutes`. A source of unknown size counts as the longest.
 */
export const plausibleSeconds = (probe: Probe, limits: WorkLimits): number => {
  const longest = longestSeconds(limits);
  const fromBytes = probe.bytes === undefined ? longest : probe.bytes / leastBytesPerSecond;
  return Math.min(longest, declaredSeconds(probe) ?? fromBytes);
};

/**
 * The bounds of a run: twice the plausible length and a minute of media; a minute of work for each plausible second
 * and ten minutes more. That is far over what any honest file takes, and far under what a gap of hours would.
 *
 * @param wallSeconds what any run may take
 */
export const runBounds = (probe: Probe, limits: WorkLimits, wallSeconds: number): RunBounds => {
  const plausible = plausibleSeconds(probe, limits);
  return {
    mediaSeconds: Math.ceil(Math.min(longestSeconds(limits), 2 * plausible + 60)),
    wallSeconds: Math.ceil(Math.min(wallSeconds, 60 * plausible + 600)),
  };
};

/** The bounds of a run on a still image, which has no length: a minute. @param wallSeconds what any run may take */
export const imageBounds = (wallSeconds: number): RunBounds => ({
  mediaSeconds: imageSeconds,
  wallSeconds: Math.min(wallSeconds, imageSeconds),
});

/**
 * A run's arguments with its output bounded in media seconds. The bound must stand at the output: one at the input
 * lets a filter of constant rate fill a gap of hours with copies. A run that makes one picture is bounded by that.
 */
export const boundedArguments = (stepArguments: readonly string[], seconds: number): readonly string[] =>
  stepArguments.includes("-frames:v")
    ? stepArguments
    : [...stepArguments.slice(0, -1), "-t", String(seconds), ...stepArguments.slice(-1)];
