import { getExtension } from "../routing/template.ts";

/** IANA media types by extension, for uploads and outputs. */
const contentTypes: Readonly<Record<string, string>> = {
  mp4: "video/mp4",
  m4v: "video/mp4",
  m4s: "video/iso.segment",
  mov: "video/quicktime",
  mkv: "video/x-matroska",
  webm: "video/webm",
  avi: "video/x-msvideo",
  mpg: "video/mpeg",
  mpeg: "video/mpeg",
  ts: "video/mp2t",
  mts: "video/mp2t",
  m2ts: "video/mp2t",
  flv: "video/x-flv",
  wmv: "video/x-ms-wmv",
  "3gp": "video/3gpp",
  mxf: "application/mxf",
  ogv: "video/ogg",
  mp3: "audio/mpeg",
  wav: "audio/wav",
  flac: "audio/flac",
  m4a: "audio/mp4",
  aac: "audio/aac",
  ogg: "audio/ogg",
  opus: "audio/ogg",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  webp: "image/webp",
  avif: "image/avif",
  gif: "image/gif",
  tif: "image/tiff",
  tiff: "image/tiff",
  m3u8: "application/vnd.apple.mpegurl",
  mpd: "application/dash+xml",
  vtt: "text/vtt",
  json: "application/json",
};

/** Media type of a key, by its extension. */
export const getContentType = (key: string): string =>
  contentTypes[getExtension(key)] ?? "application/octet-stream";

/** True for images, audio and video, by the extension of the key. */
export const isMedia = (key: string): boolean => /^(video|audio|image)\//.test(getContentType(key));
export const isImage = (key: string): boolean => getContentType(key).startsWith("image/");
