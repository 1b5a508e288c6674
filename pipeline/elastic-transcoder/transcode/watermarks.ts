import type { PlanContext, Step, StepResult } from "../../encoding/plan.ts";
import { readOrientation } from "../../encoding/read-orientation.ts";
import { JobFailure } from "../../errors/job-error.ts";
import { buildOverlayFilters, isTransposed, type Orientation } from "../../media/orientation.ts";
import type { TranscodeOutput } from "./transcode-recipe.ts";
import type { VideoFilterChain } from "./video-filter-chain.ts";
import { placeWatermark, type Rectangle } from "./watermark-position.ts";

/** The role of a watermark's picture in a plan's images. */
export const buildWatermarkRole = (key: string): string => `watermark ${key}`;

/** A picture laid over an output's frame. */
export interface Overlay {
  readonly url: string;
  /** From the picture as it is stored to what is laid over. */
  readonly filters: readonly string[];
  readonly rectangle: Rectangle;
}

/**
 * The watermarks of an output in the order of the job, which is that of their laying over each other.
 *
 * @throws JobFailure 4003 where a picture is missing, 1000 where the preset has no such slot
 */
export function* planOverlays(
  { preset, watermarks = [] }: TranscodeOutput,
  chain: VideoFilterChain,
  context: PlanContext,
): Generator<Step, readonly Overlay[], StepResult> {
  const overlays: Overlay[] = [];
  for (const { slot: id, key } of watermarks) {
    const slot = preset.Video?.Watermarks?.find(({ Id }) => Id === id);
    if (slot === undefined)
      throw new JobFailure(1000, `Preset ${preset.Id} (${preset.Name}) has no watermark settings ${id}.`);
    const image = context.images[buildWatermarkRole(key)];
    if (image?.probe.video === undefined)
      throw new JobFailure(4003, `The picture ${key} of watermark ${id} could not be looked at.`);
    const orientation: Orientation = yield* readOrientation(image.url);
    const { codedWidth, codedHeight } = image.probe.video;
    const size = isTransposed(orientation)
      ? { width: codedHeight, height: codedWidth }
      : { width: codedWidth, height: codedHeight };
    const rectangle = placeWatermark(slot, chain.size, chain.content, size);
    const opacity = Math.round((Number(slot.Opacity) / 100) * 1000) / 1000;
    overlays.push({
      url: image.url,
      rectangle,
      filters: [
        ...buildOverlayFilters(orientation),
        `scale=${rectangle.width}:${rectangle.height}`,
        `colorchannelmixer=aa=${opacity}`,
      ],
    });
  }
  return overlays;
}
