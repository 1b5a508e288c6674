import type { Size } from "../media/geometry.ts";
import { buildAlphaTargetFilters } from "./color-filters.ts";
import type { FrameColor } from "./output-color.ts";

/**
 * Builds the filters that prepare a watermark image, an upright sRGB PNG, as an overlay: scaled, with transparency, in
 * the color of the frames under it.
 *
 * @param opacity 0 (invisible) to 1
 */
export const buildOverlayFilters = (
  { size, opacity }: { readonly size: Size; readonly opacity: number },
  frames: FrameColor,
): readonly string[] => [
  "format=rgba",
  `scale=${size.width}:${size.height}`,
  `colorchannelmixer=aa=${opacity}`,
  ...buildAlphaTargetFilters(frames),
];
