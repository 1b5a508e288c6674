import type { MediaLimits } from "../media/media-limits.ts";
import type { Probe } from "../media/probe.ts";
import { computeMaxSourceSeconds } from "./input-arguments.ts";

/** Limits of one ffmpeg run, from its source's declared duration, so that a file with a false one cannot run on. */
export interface RunLimits {
  /** Seconds of media. Output beyond it, e.g. after a timestamp jump, is discarded. */
  readonly maxMediaSeconds: number;
  /** Wall-clock seconds, without the time that the run waits for the object store. */
  readonly timeoutSeconds: number;
}

/** Timeout of the image program for a still image, in seconds. */
export const imageTimeoutSeconds = 60;
/** Timeout of the image program: 60 s, and 1 s more for each million pixels of an animation's frames together. */
export const computeImageTimeoutSeconds = (animationPixels: number): number =>
  imageTimeoutSeconds + Math.ceil(animationPixels / 1_000_000);
/** Timeout of one probe of any other file. */
export const probeTimeoutSeconds = 120;

/**
 * Lowest plausible bit rate: 1 kbit/s. A still screen in H.264, silence in AAC and speech with pauses in Opus all take
 * more.
 */
export const minBytesPerSecond = 125;

/** Declared duration of a source in seconds, from its longest stream; undefined if it declares none. */
const getDeclaredSeconds = ({ durationSeconds, video, audio }: Probe): number | undefined => {
  const durations = [durationSeconds, video?.durationSeconds, audio?.durationSeconds].filter(
    (seconds) => seconds !== undefined,
  );
  return durations.length === 0 ? undefined : Math.max(...durations);
};

/**
 * Maximum duration of a source in seconds: its declared duration, else its size at the lowest plausible bit rate
 * (1 kbit/s), and at most `maxSourceMinutes`. A source of unknown size counts as the longest.
 */
export const estimateMaxSeconds = (probe: Probe, limits: MediaLimits): number => {
  const maxSeconds = computeMaxSourceSeconds(limits);
  const secondsFromBytes = probe.bytes === undefined ? maxSeconds : probe.bytes / minBytesPerSecond;
  return Math.min(maxSeconds, getDeclaredSeconds(probe) ?? secondsFromBytes);
};

/**
 * Limits of a run. Media: twice the estimated duration plus one minute. Wall clock: one minute per estimated second
 * plus ten minutes. Valid files stay far below them; a timestamp gap of hours exceeds them.
 *
 * @param maxTimeoutSeconds upper bound for any run
 */
export const computeRunLimits = (probe: Probe, limits: MediaLimits, maxTimeoutSeconds: number): RunLimits => {
  const estimatedSeconds = estimateMaxSeconds(probe, limits);
  return {
    maxMediaSeconds: Math.ceil(Math.min(computeMaxSourceSeconds(limits), 2 * estimatedSeconds + 60)),
    timeoutSeconds: Math.ceil(Math.min(maxTimeoutSeconds, 60 * estimatedSeconds + 600)),
  };
};

/**
 * Adds a duration limit to a run's arguments. The limit must be an output option: as an input option it would let a
 * constant-rate filter fill a gap of hours with copies. A run that writes one frame needs no limit.
 */
export const limitOutputDuration = (stepArguments: readonly string[], seconds: number): readonly string[] =>
  stepArguments.includes("-frames:v")
    ? stepArguments
    : [...stepArguments.slice(0, -1), "-t", String(seconds), ...stepArguments.slice(-1)];
