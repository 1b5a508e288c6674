/** Containers with embedded media and no references to other files: no playlists, concat scripts or image sequences. */
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
/** A watermark image, which the worker has converted to PNG. */
export const watermarkDemuxers: readonly string[] = ["png_pipe"];
