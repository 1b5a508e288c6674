import {
  aacArguments,
  buildLavfiInputs,
  chordGraph,
  fastH264Arguments,
  sweepGraph,
} from "../../adapters/local/lavfi.ts";
import type { Route } from "../../pipeline/routing/route.ts";

/** Content of a clip: video with audio, audio only, or a still image. */
type ClipKind = "video" | "audio" | "image";

/** A file format of test clips. */
export interface ClipFormat {
  readonly kind: ClipKind;
  /** Lower case, without the dot; ffmpeg derives the container from it. */
  readonly extension: string;
  readonly codecArguments: readonly string[];
}

const h264Arguments = [...fastH264Arguments, ...aacArguments];
const mpeg2Arguments = ["-c:v", "mpeg2video", "-b:v", "4M", "-pix_fmt", "yuv420p"];

/**
 * ffmpeg's codec arguments by kind and extension, the most common first. The packaged ffmpeg of 2018 has all codecs. It
 * writes no AVIF.
 */
const codecArguments: Readonly<Record<ClipKind, Readonly<Record<string, readonly string[]>>>> = {
  video: {
    mp4: h264Arguments,
    mov: h264Arguments,
    m4v: h264Arguments,
    mkv: h264Arguments,
    webm: ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "2M", "-c:a", "libvorbis"],
    ts: h264Arguments,
    mts: h264Arguments,
    m2ts: h264Arguments,
    flv: [...h264Arguments, "-ar", "44100"],
    "3gp": h264Arguments,
    avi: ["-c:v", "mpeg4", "-b:v", "4M", "-c:a", "libmp3lame"],
    mpg: [...mpeg2Arguments, "-c:a", "mp2"],
    mpeg: [...mpeg2Arguments, "-c:a", "mp2"],
    wmv: ["-c:v", "wmv2", "-b:v", "4M", "-c:a", "wmav2"],
    ogv: ["-c:v", "libtheora", "-b:v", "4M", "-c:a", "libvorbis"],
    mxf: [...mpeg2Arguments, "-c:a", "pcm_s16le"],
  },
  audio: {
    wav: ["-c:a", "pcm_s16le"],
    mp3: ["-c:a", "libmp3lame"],
    m4a: aacArguments,
    flac: ["-c:a", "flac"],
    aac: aacArguments,
    ogg: ["-c:a", "libvorbis"],
    opus: ["-c:a", "libopus", "-ar", "48000"],
  },
  image: { png: [], jpg: [], jpeg: [], webp: [], gif: [], tif: [], tiff: [] },
};

/** Lists the kinds of clips that a route accepts, the best match first. */
const listKinds = (route: Route): readonly ClipKind[] => {
  if (route.engine === "elastic-transcoder") return ["video", "audio"];
  switch (route.recipe.name) {
    case "audio":
      return ["audio", "video"];
    case "image":
      return ["image"];
    case "clip":
    case "transcode":
      return ["video", "audio"];
    default:
      return ["video"];
  }
};

/** Lists the clip formats that a route accepts, the best match first. */
export const listFormats = (route: Route): readonly ClipFormat[] =>
  listKinds(route).flatMap((kind) =>
    Object.entries(codecArguments[kind])
      .filter(([extension]) => route.extensions.includes(extension))
      .map(([extension, codecArguments]) => ({ kind, extension, codecArguments })),
  );

const defaultSeconds = 4;

/** Returns the duration of a route's clip in seconds; long enough for the part that a `clip` recipe cuts out. */
export const getClipSeconds = (route: Route): number =>
  route.engine === "ffmpeg" && route.recipe.name === "clip" && "seconds" in route.recipe.start
    ? Math.max(defaultSeconds, Math.ceil(route.recipe.start.seconds) + 2)
    : defaultSeconds;

/** Builds ffmpeg's arguments for a clip, without the output file. */
export const buildClipArguments = (
  { kind, codecArguments }: ClipFormat,
  seconds: number,
): readonly string[] => {
  const durationArguments = ["-t", String(seconds)];
  switch (kind) {
    case "video":
      return [
        ...buildLavfiInputs(`testsrc2=s=854x480:r=30:d=${seconds}`, chordGraph),
        ...durationArguments,
        ...codecArguments,
      ];
    case "audio":
      return [...buildLavfiInputs(sweepGraph), ...durationArguments, ...codecArguments];
    case "image":
      return [...buildLavfiInputs("testsrc2=s=1280x800:r=1:d=1"), "-frames:v", "1", ...codecArguments];
  }
};
