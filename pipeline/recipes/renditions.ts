import { evenSize, type Size } from "../media/geometry.ts";

/** One rung of a ladder. */
export interface Rendition extends Size {
  /** Upper bound of the picture's bit rate, kbit/s. */
  readonly maxKbps: number;
}

/**
 * The bit rate a picture of this size may take: 5.0 Mbit/s at 1080p, 2.7 at 720p, 1.5 at 480p, 1.0 at 360p,
 * falling slower than the pixels do.
 */
const maxKbps = ({ width, height }: Size): number =>
  Math.max(150, Math.round((2900 * ((width * height) / 1e6) ** 0.75) / 10) * 10);

/**
 * The renditions of a source: every height that fits its shorter side, or the source's own size where none does.
 *
 * @param heights of the shorter side, pixels
 */
export const renditionsFor = (source: Size, heights: readonly number[]): readonly Rendition[] => {
  const shorter = Math.min(source.width, source.height);
  const fitting = [...new Set(heights)].filter((height) => height <= shorter).sort((a, b) => b - a);
  const sides = fitting.length > 0 ? fitting : [shorter];
  return sides.map((side) => {
    const size = evenSize({
      width: Math.round((source.width * side) / shorter),
      height: Math.round((source.height * side) / shorter),
    });
    return { ...size, maxKbps: maxKbps(size) };
  });
};
