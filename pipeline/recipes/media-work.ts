import { mostTogether } from "../elastic-transcoder/transcode/process.ts";
import type { MediaWork, StillImage } from "../encoding/memory-limit.ts";
import type { Probe, VideoProbe } from "../media/probe.ts";
import type { Recipe } from "./recipe.ts";

const codedPixels = (video: VideoProbe | undefined): number =>
  video === undefined ? 0 : video.codedWidth * video.codedHeight;
const number = (text: string | undefined): number => {
  const value = Number(text);
  return Number.isFinite(value) ? value : 0;
};

/** The largest frame that a recipe may make of any source; 0 where it never enlarges. */
const madePixels = (recipe: Recipe): number =>
  recipe.name === "transcode"
    ? Math.max(
        0,
        ...recipe.outputs.map(({ preset: { Video } }) => number(Video?.MaxWidth) * number(Video?.MaxHeight)),
      )
    : 0;

/** Encoders of a recipe that one process runs at the same time. */
const encoders = (recipe: Recipe): number => {
  switch (recipe.name) {
    case "ladder":
      return recipe.heights.length;
    case "transcode":
      return Math.min(recipe.outputs.length, mostTogether);
    default:
      return 1;
  }
};

/** Pixels and bytes of an image as its probe has them. */
export const stillImage = (probe: Probe): StillImage => ({
  pixels: codedPixels(probe.video),
  fileBytes: probe.bytes ?? 0,
});

/** What the largest process of a recipe works on: the base of its memory limit. */
export const mediaWork = (
  recipe: Recipe,
  source: Probe,
  images: readonly Probe[],
  threads: number,
): MediaWork => ({
  kind: recipe.name === "image" ? "still" : "video",
  pixels: Math.max(codedPixels(source.video), madePixels(recipe)),
  outputs: encoders(recipe),
  lookahead: recipe.name === "transcode" ? "long" : "short",
  threads,
  images: images.map(stillImage),
  ...(recipe.name === "image" ? { fileBytes: source.bytes ?? 0 } : {}),
});
