import { roundSizeDownToEven, type Size } from "../media/geometry.ts";

/** One rendition of a ladder. */
export interface Rendition extends Size {
  /** Maximum video bit rate, kbit/s. */
  readonly maxKbps: number;
}

/**
 * Maximum bit rate for a frame size: 5.0 Mbit/s at 1080p, 2.7 at 720p, 1.5 at 480p, 1.0 at 360p. It decreases more
 * slowly than the number of pixels.
 */
const computeMaxKbps = ({ width, height }: Size): number =>
  Math.max(150, Math.round((2900 * ((width * height) / 1e6) ** 0.75) / 10) * 10);

/**
 * Selects the renditions of a source: every height up to its shorter side, else the source's own size.
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
