import { JobFailure } from "../errors/job-error.ts";
import type { MediaLimits } from "../media/media-limits.ts";
import type { Probe } from "../media/probe.ts";
import type { Recipe, RecipeName } from "./recipe.ts";

/** True if a recipe decodes the source's video. */
const shouldDecodeVideo = (recipe: Recipe): boolean =>
  recipe.name === "transcode"
    ? recipe.outputs.some(({ preset }) => preset.Video !== undefined)
    : recipe.name !== "audio";

const recipesWithVideo: ReadonlySet<RecipeName> = new Set(["thumbnail", "watermark", "image", "frames"]);

/**
 * Rejects a source that the recipe cannot process or that exceeds a limit.
 *
 * @param name key of the source, for the message
 * @throws JobFailure 4000 (missing stream, or video of which ffmpeg cannot decode the colors), 4001 (pixels), 4005 (minutes)
 */
export const checkSource = (name: string, recipe: Recipe, probe: Probe, limits: MediaLimits): void => {
  const { video, audio, durationSeconds } = probe;
  if (video === undefined && audio === undefined)
    throw new JobFailure(4000, `${name} has neither video nor audio.`);
  if (recipesWithVideo.has(recipe.name) && video === undefined)
    throw new JobFailure(4000, `${name} has no video, which recipe ${recipe.name} requires.`);
  if (recipe.name === "audio" && audio === undefined)
    throw new JobFailure(4000, `${name} has no audio, which recipe audio requires.`);
  // Without a base layer, decoded frames are in IPTPQc2 before reshaping: purple and green for any viewer.
  if (video?.dolbyVision?.compatibilityId === 0 && shouldDecodeVideo(recipe))
    throw new JobFailure(
      4000,
      `${name} is Dolby Vision profile ${video.dolbyVision.profile}, which has no HDR10, HLG or SDR base layer, so its colors cannot be decoded. Export it as HDR10, HLG or SDR, or as Dolby Vision profile 8.`,
    );
  const maxPixels = recipe.name === "image" ? limits.maxImagePixels : limits.maxVideoPixels;
  if (video !== undefined && video.codedWidth * video.codedHeight > maxPixels)
    throw new JobFailure(
      4001,
      `${name} is ${video.codedWidth}×${video.codedHeight} pixels; the limit is ${maxPixels}. Upload a smaller one or raise the limit.`,
    );
  if (durationSeconds !== undefined && durationSeconds > limits.maxSourceMinutes * 60)
    throw new JobFailure(
      4005,
      `${name} is ${(durationSeconds / 60).toFixed(1)} minutes long, over the limit maxSourceMinutes of ${limits.maxSourceMinutes}. Cut it or raise the limit.`,
    );
};
