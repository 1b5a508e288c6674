import type { PlanContext, Step, StepResult } from "../../encoding/plan.ts";
import { readOrientation } from "../../encoding/read-orientation.ts";
import { JobFailure } from "../../errors/job-error.ts";
import { liesOnItsSide, type Orientation, overlayFilters } from "../../media/orientation.ts";
import type { PictureChain } from "./picture-chain.ts";
import type { TranscodeOutput } from "./transcode-recipe.ts";
import { type Box, placeWatermark } from "./watermark-place.ts";

/** The role of a watermark's picture in a plan's images. */
export const watermarkRole = (key: string): string => `watermark ${key}`;

/** A picture laid over an output's frame. */
export interface Overlay {
  readonly url: string;
  /** From the picture as it is stored to what is laid over. */
  readonly filters: readonly string[];
  readonly box: Box;
}

/**
 * The watermarks of an output in the order of the job, which is that of their laying over each other.
 *
 * @throws JobFailure 4003 where a picture is missing, 1000 where the preset has no such slot
 */
export function* overlaysOf(
  { preset, watermarks = [] }: TranscodeOutput,
  chain: PictureChain,
  context: PlanContext,
): Generator<Step, readonly Overlay[], StepResult> {
  const overlays: Overlay[] = [];
  for (const { slot: id, key } of watermarks) {
    const slot = preset.Video?.Watermarks?.find(({ Id }) => Id === id);
    if (slot === undefined)
      throw new JobFailure(1000, `Preset ${preset.Id} (${preset.Name}) has no watermark settings ${id}.`);
    const picture = context.images[watermarkRole(key)];
    if (picture?.probe.video === undefined)
      throw new JobFailure(4003, `The picture ${key} of watermark ${id} could not be looked at.`);
    const orientation: Orientation = yield* readOrientation(picture.url);
    const { codedWidth, codedHeight } = picture.probe.video;
    const size = liesOnItsSide(orientation)
      ? { width: codedHeight, height: codedWidth }
      : { width: codedWidth, height: codedHeight };
    const box = placeWatermark(slot, chain.size, chain.content, size);
    const opacity = Math.round((Number(slot.Opacity) / 100) * 1000) / 1000;
    overlays.push({
      url: picture.url,
      box,
      filters: [
        ...overlayFilters(orientation),
        `scale=${box.width}:${box.height}`,
        `colorchannelmixer=aa=${opacity}`,
      ],
    });
  }
  return overlays;
}
