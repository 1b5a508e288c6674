import { roundSizeDownToEven, type Size } from "../media/geometry.ts";

/** One rung of a ladder. */
export interface Rendition extends Size {
  /** Upper bound of the picture's bit rate, kbit/s. */
  readonly maxKbps: number;
}

/**
 * The bit rate a picture of this size may take: 5.0 Mbit/s at 1080p, 2.7 at 720p, 1.5 at 480p, 1.0 at 360p,
 * falling slower than the pixels do.
 */
const computeMaxKbps = ({ width, height }: Size): number =>
  Math.max(150, Math.round((2900 * ((width * height) / 1e6) ** 0.75) / 10) * 10);

/**
 * The renditions of a source: every height that fits its shorter side, or the source's own size where none does.
 *
 * @param heights of the shorter side, pixels
 */
export const selectRenditions = (source: Size, heights: readonly number[]): readonly Rendition[] => {
  const shortSide = Math.min(source.width, source.height);
  const fittingHeights = [...new Set(heights)].filter((height) => height <= shortSide).sort((a, b) => b - a);
  const sides = fittingHeights.length > 0 ? fittingHeights : [shortSide];
  return sides.map((side) => {
    const size = roundSizeDownToEven({
      width: Math.round((source.width * side) / shortSide),
      height: Math.round((source.height * side) / shortSide),
    });
    return { ...size, maxKbps: computeMaxKbps(size) };
  });
};
