import { buildOverlayFilters } from "../../encoding/overlay-filters.ts";
import type { PlanContext } from "../../encoding/plan.ts";
import { JobFailure } from "../../errors/job-error.ts";
import type { TranscodeOutput } from "./transcode-recipe.ts";
import type { VideoFilterChain } from "./video-filter-chain.ts";
import { placeWatermark, type Rectangle } from "./watermark-position.ts";

/** Name of a watermark image in `PlanContext.images`. */
export const buildWatermarkRole = (key: string): string => `watermark ${key}`;

/** An image over an output's frame. */
export interface Overlay {
  readonly url: string;
  /** Filters that are applied to the stored image. */
  readonly filters: readonly string[];
  readonly rectangle: Rectangle;
}

/**
 * Plans the watermarks of an output in the job's order, bottom to top.
 *
 * @throws JobFailure 4003 if an image is missing, 1000 if the preset has no such watermark
 */
export const planOverlays = (
  { preset, watermarks = [] }: TranscodeOutput,
  chain: VideoFilterChain,
  context: PlanContext,
): readonly Overlay[] => {
  const overlays: Overlay[] = [];
  for (const { slot: id, key } of watermarks) {
    const slot = preset.Video?.Watermarks?.find(({ Id }) => Id === id);
    if (slot === undefined)
      throw new JobFailure(1000, `Preset ${preset.Id} (${preset.Name}) has no watermark settings ${id}.`);
    const image = context.images[buildWatermarkRole(key)];
    if (image?.probe.video === undefined)
      throw new JobFailure(4003, `Image ${key} of watermark ${id} could not be probed.`);
    const rectangle = placeWatermark(slot, chain.size, chain.content, image.probe.video);
    const opacity = Math.round((Number(slot.Opacity) / 100) * 1000) / 1000;
    overlays.push({
      url: image.url,
      rectangle,
      filters: buildOverlayFilters({ size: rectangle, opacity }, chain.color.frames),
    });
  }
  return overlays;
};
