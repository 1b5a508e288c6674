import { containerDemuxers, imageDemuxers } from "../media/demuxers.ts";
import type { RecipeName } from "./recipe.ts";

/** The demuxers that ffmpeg may use for the source of a recipe (`-format_whitelist`). */
export const sourceDemuxers = (recipe: RecipeName): readonly string[] =>
  recipe === "image" ? imageDemuxers : containerDemuxers;
