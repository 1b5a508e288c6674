import type { VideoProbe } from "./probe.ts";

/** Frames a second above which a stream's base rate may be its clock: screen recorders stamp to the millisecond. */
const maxFrameRate = 120;
const standardFrameRates = [24, 25, 30, 50, 60];

/**
 * Whether a stream has no frame rate, so that ffmpeg takes its clock for one: it would fill a recording of 40 frames
 * a second up to 1000, or write an H.264 level that no player has.
 *
 * @param base ffprobe's `r_frame_rate`: the lowest rate that every timestamp fits
 * @param average ffprobe's `avg_frame_rate`
 */
export const hasVariableFrameRate = (base: number | undefined, average: number | undefined): boolean =>
  base !== undefined && base > maxFrameRate && (average === undefined || base > 2 * average);

/** The rate that a stream without one is given: the usual one next above its average, 30 where that is unknown. */
const pickStandardFrameRate = (average: number | undefined): number =>
  average === undefined ? 30 : (standardFrameRates.find((rate) => rate >= average * 0.99) ?? 60);

/** The filters that give a steady rate to a stream that has none; none for all others, whose frames stay as they are. */
export const buildConstantFrameRateFilters = ({
  isVariableFrameRate,
  frameRate,
}: VideoProbe): readonly string[] =>
  isVariableFrameRate === true ? [`fps=${pickStandardFrameRate(frameRate)}`] : [];
