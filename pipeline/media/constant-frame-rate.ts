import type { VideoProbe } from "./probe.ts";

/** Above this rate, a stream's base rate may be its clock: screen recorders use timestamps in milliseconds. */
const maxFrameRate = 120;
const standardFrameRates = [24, 25, 30, 50, 60];

/**
 * True if a stream has a variable frame rate, so that ffmpeg would use its clock as the frame rate: it would duplicate
 * frames up to 1000 per second, or write an H.264 level that no player supports.
 *
 * @param base ffprobe's `r_frame_rate`: the lowest rate that matches every timestamp
 * @param average ffprobe's `avg_frame_rate`
 */
export const hasVariableFrameRate = (base: number | undefined, average: number | undefined): boolean =>
  base !== undefined && base > maxFrameRate && (average === undefined || base > 2 * average);

/** Frame rate for a stream with a variable rate: the next standard rate above its average, 30 if that is unknown. */
const pickStandardFrameRate = (average: number | undefined): number =>
  average === undefined ? 30 : (standardFrameRates.find((rate) => rate >= average * 0.99) ?? 60);

/** Builds the filters for a constant frame rate if the stream's rate is variable; else none. */
export const buildConstantFrameRateFilters = ({
  isVariableFrameRate,
  frameRate,
}: VideoProbe): readonly string[] =>
  isVariableFrameRate === true ? [`fps=${pickStandardFrameRate(frameRate)}`] : [];
