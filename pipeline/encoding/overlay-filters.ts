import { resolveSourceColor } from "../media/color.ts";
import type { Size } from "../media/geometry.ts";
import { buildUprightFilters, type Orientation } from "../media/orientation.ts";
import type { VideoProbe } from "../media/probe.ts";
import { buildAlphaTargetFilters, buildRgbSourceFilters } from "./color-filters.ts";
import type { FrameColor } from "./output-color.ts";

/**
 * Builds the filters that prepare a stored image as an overlay: upright, with transparency, in the color of the frames
 * under it, only its first frame. An overlay lasts as long as an animation, which can be hours for a GIF with two
 * frames.
 *
 * @param opacity 0 (invisible) to 1
 */
export const buildOverlayFilters = (
  image: VideoProbe,
  orientation: Orientation,
  { size, opacity }: { readonly size: Size; readonly opacity: number },
  frames: FrameColor,
): readonly string[] => [
  "trim=end_frame=1",
  ...buildRgbSourceFilters(resolveSourceColor(image)),
  ...buildUprightFilters(orientation),
  `scale=${size.width}:${size.height}`,
  `colorchannelmixer=aa=${opacity}`,
  ...buildAlphaTargetFilters(frames),
];
