import type { MediaLimits } from "../media/media-limits.ts";
import type { Probe } from "../media/probe.ts";
import { computeMaxSourceSeconds } from "./input-arguments.ts";

/** What one run of ffmpeg may take, by what its source says of itself: a file that lies must not make a job run on. */
export interface RunLimits {
  /** Seconds of media; a jump of timestamps by more is not believed. */
  readonly maxMediaSeconds: number;
  /** Seconds of wall clock; the time that the run waits for the store does not count. */
  readonly timeoutSeconds: number;
}

/** Seconds that one probe, or one run of ffmpeg, may work on a still image. */
export const imageTimeoutSeconds = 60;
/** Seconds that one probe of any other file may work. */
export const probeTimeoutSeconds = 120;

/**
 * Bytes per second of the leanest media that is worth a job: 1 kbit/s. A still screen in H.264, silence in AAC and
 * speech with pauses in Opus all take more.
 */
const minBytesPerSecond = 125;

/** Seconds a source says it lasts, by its longest stream; undefined where it does not say. */
const getDeclaredSeconds = ({ durationSeconds, video, audio }: Probe): number | undefined => {
  const durations = [durationSeconds, video?.durationSeconds, audio?.durationSeconds].filter(
    (seconds) => seconds !== undefined,
  );
  return durations.length === 0 ? undefined : Math.max(...durations);
};

/**
 * Seconds that a source can last: what it declares, else what its bytes hold at the lowest plausible bit rate
 * (1 kbit/s), and never more than `maxSourceMinutes`. A source of unknown size counts as the longest.
 */
export const estimateMaxSeconds = (probe: Probe, limits: MediaLimits): number => {
  const maxSeconds = computeMaxSourceSeconds(limits);
  const secondsFromBytes = probe.bytes === undefined ? maxSeconds : probe.bytes / minBytesPerSecond;
  return Math.min(maxSeconds, getDeclaredSeconds(probe) ?? secondsFromBytes);
};

/**
 * The bounds of a run: twice the plausible length and a minute of media; a minute of work for each plausible second
 * and ten minutes more. That is far over what any honest file takes, and far under what a gap of hours would.
 *
 * @param maxTimeoutSeconds what any run may take
 */
export const computeRunLimits = (probe: Probe, limits: MediaLimits, maxTimeoutSeconds: number): RunLimits => {
  const estimatedSeconds = estimateMaxSeconds(probe, limits);
  return {
    maxMediaSeconds: Math.ceil(Math.min(computeMaxSourceSeconds(limits), 2 * estimatedSeconds + 60)),
    timeoutSeconds: Math.ceil(Math.min(maxTimeoutSeconds, 60 * estimatedSeconds + 600)),
  };
};

/** The bounds of a run on a still image, which has no length: a minute. @param maxTimeoutSeconds what any run may take */
export const computeImageRunLimits = (maxTimeoutSeconds: number): RunLimits => ({
  maxMediaSeconds: imageTimeoutSeconds,
  timeoutSeconds: Math.min(maxTimeoutSeconds, imageTimeoutSeconds),
});

/**
 * A run's arguments with its output bounded in media seconds. The bound must stand at the output: one at the input
 * lets a filter of constant rate fill a gap of hours with copies. A run that makes one picture is bounded by that.
 */
export const limitOutputDuration = (stepArguments: readonly string[], seconds: number): readonly string[] =>
  stepArguments.includes("-frames:v")
    ? stepArguments
    : [...stepArguments.slice(0, -1), "-t", String(seconds), ...stepArguments.slice(-1)];
