import { JobFailure } from "../errors/job-error.ts";
import type { MediaLimits } from "../media/media-limits.ts";
import type { Probe } from "../media/probe.ts";
import type { Recipe, RecipeName } from "./recipe.ts";

const recipesWithVideo: ReadonlySet<RecipeName> = new Set(["thumbnail", "watermark", "image", "frames"]);

/**
 * Refuses a source that the recipe cannot work or the limits forbid.
 *
 * @param name the source's key, for the message
 * @throws JobFailure 4000 (no such stream), 4001 (pixels), 4005 (minutes)
 */
export const checkSource = (name: string, recipe: Recipe, probe: Probe, limits: MediaLimits): void => {
  const { video, audio, durationSeconds } = probe;
  if (video === undefined && audio === undefined)
    throw new JobFailure(4000, `${name} holds neither picture nor sound.`);
  if (recipesWithVideo.has(recipe.name) && video === undefined)
    throw new JobFailure(4000, `${name} holds no picture, and recipe ${recipe.name} needs one.`);
  if (recipe.name === "audio" && audio === undefined)
    throw new JobFailure(4000, `${name} holds no sound, and recipe audio needs it.`);
  const maxPixels = recipe.name === "image" ? limits.maxImagePixels : limits.maxVideoPixels;
  if (video !== undefined && video.codedWidth * video.codedHeight > maxPixels)
    throw new JobFailure(
      4001,
      `${name} is ${video.codedWidth}×${video.codedHeight} pixels, more than the ${maxPixels} that the limits allow.`,
    );
  if (durationSeconds !== undefined && durationSeconds > limits.maxSourceMinutes * 60)
    throw new JobFailure(
      4005,
      `${name} is ${(durationSeconds / 60).toFixed(1)} minutes long, over the limit maxSourceMinutes of ${limits.maxSourceMinutes}. Cut it or raise the limit.`,
    );
};
