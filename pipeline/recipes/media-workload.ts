import { maxOutputsPerProcess } from "../elastic-transcoder/transcode/process-step.ts";
import type { MediaWorkload, StillImage } from "../encoding/memory-limit.ts";
import type { Probe, VideoProbe } from "../media/probe.ts";
import type { Recipe } from "./recipe.ts";

const getCodedPixels = (video: VideoProbe | undefined): number =>
  video === undefined ? 0 : video.codedWidth * video.codedHeight;
const parseNumber = (text: string | undefined): number => {
  const value = Number(text);
  return Number.isFinite(value) ? value : 0;
};

/** The largest frame that a recipe may make of any source; 0 where it never enlarges. */
const computeOutputPixels = (recipe: Recipe): number =>
  recipe.name === "transcode"
    ? Math.max(
        0,
        ...recipe.outputs.map(
          ({ preset: { Video } }) => parseNumber(Video?.MaxWidth) * parseNumber(Video?.MaxHeight),
        ),
      )
    : 0;

/** Encoders of a recipe that one process runs at the same time. */
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

/** Pixels and bytes of an image as its probe has them. */
export const describeImage = (probe: Probe): StillImage => ({
  pixels: getCodedPixels(probe.video),
  fileBytes: probe.bytes ?? 0,
});

/** What the largest process of a recipe works on: the base of its memory limit. */
export const describeWorkload = (
  recipe: Recipe,
  source: Probe,
  images: readonly Probe[],
  threads: number,
): MediaWorkload => ({
  kind: recipe.name === "image" ? "image" : "video",
  pixels: Math.max(getCodedPixels(source.video), computeOutputPixels(recipe)),
  encoderCount: countEncoders(recipe),
  lookahead: recipe.name === "transcode" ? "long" : "short",
  threads,
  images: images.map(describeImage),
  ...(recipe.name === "image" ? { fileBytes: source.bytes ?? 0 } : {}),
});
