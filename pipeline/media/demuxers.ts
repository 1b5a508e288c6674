import type { RecipeName } from "../recipes/recipe.ts";

/** Containers that hold their own media and point nowhere else: no playlist, no concat script, no image sequence. */
const containers = [
  "mov",
  "matroska",
  "webm",
  "mpegts",
  "mpeg",
  "avi",
  "flv",
  "asf",
  "ogg",
  "mxf",
  "wav",
  "mp3",
  "aac",
  "flac",
  "mpegvideo",
  "h264",
  "gif",
];
/** Still pictures, by content (`*_pipe`), since the input has no name. */
const pictures = ["png_pipe", "jpeg_pipe", "webp_pipe", "gif", "gif_pipe", "tiff_pipe", "image2"];

/** The demuxers ffmpeg may use for the source of a recipe: `-format_whitelist` (FACTS, hostile input). */
export const demuxersFor = (recipe: RecipeName): readonly string[] =>
  recipe === "image" ? pictures : containers;

/** The demuxers for a watermark and other pictures that a recipe lays over its source. */
export const pictureDemuxers: readonly string[] = pictures;
