import { maxOutputsPerProcess } from "../elastic-transcoder/transcode/process-step.ts";
import type { MediaWorkload, StillImage } from "../encoding/memory-limit.ts";
import { resolveSourceColor } from "../media/color.ts";
import type { Probe, VideoProbe } from "../media/probe.ts";
import type { Recipe } from "./recipe.ts";

const getCodedPixels = (video: VideoProbe | undefined): number =>
  video === undefined ? 0 : video.codedWidth * video.codedHeight;
const parseNumber = (text: string | undefined): number => {
  const value = Number(text);
  return Number.isFinite(value) ? value : 0;
};

/** Pixels of the largest frame that a recipe may write for any source; 0 if it never enlarges. */
const computeOutputPixels = (recipe: Recipe): number =>
  recipe.name === "transcode"
    ? Math.max(
        0,
        ...recipe.outputs.map(
          ({ preset: { Video } }) => parseNumber(Video?.MaxWidth) * parseNumber(Video?.MaxHeight),
        ),
      )
    : 0;

/** Number of encoders that run at the same time in one process of a recipe. */
const countEncoders = (recipe: Recipe): number => {
  switch (recipe.name) {
    case "ladder":
      return recipe.heights.length;
    case "transcode":
      return Math.min(recipe.outputs.length, maxOutputsPerProcess);
    default:
      return 1;
  }
};

/** Number of conversions from HDR or a wide gamut in one process: one for each chain of filters from the source. */
const countLinearConversions = (recipe: Recipe, video: VideoProbe | undefined): number => {
  if (video === undefined || resolveSourceColor(video).kind === "sdr") return 0;
  if (recipe.name !== "transcode") return 1;
  const chains = recipe.outputs.map(({ thumbnailPattern }) => (thumbnailPattern === undefined ? 1 : 2));
  return chains
    .sort((a, b) => b - a)
    .slice(0, maxOutputsPerProcess)
    .reduce<number>((sum, count) => sum + count, 0);
};

/** Pixels and bytes of an image, from its probe. */
const describeImage = (probe: Probe): StillImage => ({
  pixels: getCodedPixels(probe.video),
  fileBytes: probe.bytes ?? 0,
});

/** Describes the largest ffmpeg process of a recipe, for its memory limit. */
export const describeWorkload = (
  recipe: Recipe,
  source: Probe,
  images: readonly Probe[],
  threads: number,
): MediaWorkload => ({
  kind: "video",
  pixels: Math.max(getCodedPixels(source.video), computeOutputPixels(recipe)),
  encoderCount: countEncoders(recipe),
  lookahead: recipe.name === "transcode" ? "long" : "short",
  linearConversions: countLinearConversions(recipe, source.video),
  threads,
  images: images.map(describeImage),
});
