import type { VideoProbe } from "./probe.ts";

/** Rates of cameras, screen recorders and broadcasts, frames per second. */
const standardFrameRates: readonly number[] = [
  10,
  12,
  12.5,
  15,
  20,
  24_000 / 1001,
  24,
  25,
  30_000 / 1001,
  30,
  48,
  50,
  60_000 / 1001,
  60,
  100,
  120,
];
/** Above this, a stream's base rate may be its clock: screen recorders use timestamps in milliseconds. */
const maxPlausibleFrameRate = 120;
/** Rate of a stream whose rate is unknown. */
const defaultFrameRate = 30;
/** A podcast's video may be one frame an hour. */
const minConstantFrameRate = 1;
/** A longer interval is a still screen. */
const maxMovingSeconds = 0.2;
/** Rate of a slide show. Fewer frames per second make seeking slow. */
const minFrameRate = 10;

/**
 * True if the two rates of a stream contradict each other, so that only its timestamps show the rate: it is variable,
 * or its base rate is its clock.
 *
 * @param base ffprobe's `r_frame_rate`: the lowest rate that matches every timestamp
 * @param average ffprobe's `avg_frame_rate`
 */
export const hasVariableFrameRate = (base: number | undefined, average: number | undefined): boolean =>
  base !== undefined && (average === undefined ? base > maxPlausibleFrameRate : base > 1.05 * average);

const findNearest = (rates: readonly number[], target: number): number | undefined =>
  rates.reduce<number | undefined>(
    (best, rate) => (best === undefined || Math.abs(rate - target) < Math.abs(best - target) ? rate : best),
    undefined,
  );

/** The standard rate nearest to `target` within a tolerance of `measured`, else the next one above `measured`. */
const toStandardRate = (measured: number, tolerance: number, target = measured): number =>
  findNearest(
    standardFrameRates.filter((rate) => Math.abs(rate / measured - 1) <= tolerance),
    target,
  ) ??
  standardFrameRates.find((rate) => rate >= measured) ??
  measured;

/**
 * Estimates the frame rate from timestamps: the standard rate of the median interval while there is movement. Shorter
 * intervals are jitter.
 *
 * @param timestamps of frames, in seconds, in any order
 * @param average ffprobe's `avg_frame_rate`
 */
export const estimateFrameRate = (
  timestamps: readonly number[],
  average: number | undefined,
): number | undefined => {
  const sorted = [...new Set(timestamps)].sort((a, b) => a - b);
  const intervals = sorted
    .slice(1)
    .map((time, index) => time - (sorted[index] ?? 0))
    .filter((seconds) => seconds > 0)
    .sort((a, b) => a - b);
  const moving = intervals.filter((seconds) => seconds <= maxMovingSeconds);
  const measuredIntervals = moving.length > 0 ? moving : intervals;
  const interval = measuredIntervals[Math.floor(measuredIntervals.length / 2)];
  if (interval === undefined) return undefined;
  const measured = Math.max(minFrameRate, 1 / interval);
  // Timestamps in milliseconds do not tell 29.97 from 30, the average does.
  const isAverageRegular = average !== undefined && Math.abs(average / measured - 1) <= 0.03;
  return toStandardRate(measured, 0.08, isAverageRegular ? average : measured);
};

/** Frame rate for an output: the stream's own, or the next standard rate above the average if that is variable. */
export const getFrameRate = ({ frameRate, isVariableFrameRate }: VideoProbe): number => {
  if (frameRate === undefined) return defaultFrameRate;
  return isVariableFrameRate === true
    ? toStandardRate(frameRate, 0.01)
    : Math.max(minConstantFrameRate, frameRate);
};

/**
 * Formats a frame rate as an integer or a fraction, as ffmpeg and MPEG-DASH (ISO/IEC 23009-1, 5.3.7) take it: rates of the
 * NTSC family exactly, e.g. `30000/1001`.
 */
export const formatFrameRate = (rate: number): string => {
  const ntsc = Math.round(rate * 1.001);
  if (Math.abs(rate - Math.round(rate)) < 0.0005 * rate) {
    const isNtscCloser = Math.abs((ntsc * 1000) / 1001 - rate) < Math.abs(Math.round(rate) - rate);
    return isNtscCloser ? `${ntsc * 1000}/1001` : String(Math.round(rate));
  }
  return Math.abs((ntsc * 1000) / 1001 - rate) < 0.0005 * rate
    ? `${ntsc * 1000}/1001`
    : `${Math.round(rate * 1000)}/1000`;
};
