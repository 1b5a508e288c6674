import type { Preset } from "./preset.ts";

/** A container of the API as ffmpeg makes it. */
interface Container {
  readonly muxer: string;
  readonly arguments: readonly string[];
  readonly extension: string;
  readonly contentType: string;
  /** It can hold sound without a picture. */
  readonly soundAlone: boolean;
}

const plain = (muxer: string, extension: string, contentType: string, soundAlone = true): Container => ({
  muxer,
  arguments: ["-f", muxer],
  extension,
  contentType,
  soundAlone,
});

const containers: Readonly<Record<string, Container>> = {
  mp4: { ...plain("mp4", "mp4", "video/mp4"), arguments: ["-movflags", "+faststart", "-f", "mp4"] },
  fmp4: {
    ...plain("mp4", "mp4", "video/mp4"),
    arguments: ["-movflags", "+frag_keyframe+empty_moov+default_base_moof", "-f", "mp4"],
  },
  ts: plain("mpegts", "ts", "video/mp2t"),
  flv: plain("flv", "flv", "video/x-flv"),
  mpg: plain("vob", "mpg", "video/mpeg", false),
  mxf: plain("mxf", "mxf", "application/mxf", false),
  webm: plain("webm", "webm", "video/webm"),
  gif: plain("gif", "gif", "image/gif", false),
  mp3: plain("mp3", "mp3", "audio/mpeg"),
  flac: plain("flac", "flac", "audio/flac"),
  wav: plain("wav", "wav", "audio/wav"),
  ogg: plain("ogg", "ogg", "audio/ogg"),
  oga: plain("ogg", "oga", "audio/ogg"),
};

/** The container of a preset; undefined for one that the API does not have. */
export const containerOf = (preset: Preset): Container | undefined => {
  const container = containers[preset.Container];
  if (container === undefined || preset.Video !== undefined) return container;
  return preset.Container === "mp4" || preset.Container === "fmp4"
    ? { ...container, extension: "m4a", contentType: "audio/mp4" }
    : container;
};
