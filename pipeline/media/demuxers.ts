/** Containers that hold their own media and point nowhere else: no playlist, no concat script, no image sequence. */
export const containerDemuxers: readonly string[] = [
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
/** Still images, by content (`*_pipe`), since the input has no name. */
export const imageDemuxers: readonly string[] = [
  "png_pipe",
  "jpeg_pipe",
  "webp_pipe",
  "gif",
  "gif_pipe",
  "tiff_pipe",
  "image2",
];
