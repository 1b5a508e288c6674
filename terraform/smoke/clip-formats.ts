import { chord, lavfi, quickly, sound, sweep } from "../../adapters/local/lavfi.ts";
import type { Route } from "../../pipeline/routing/route.ts";

/** What a clip holds: a film with sound, sound alone, or a still picture. */
type ClipKind = "video" | "sound" | "picture";

/** A kind of file that can be made. */
export interface ClipFormat {
  readonly kind: ClipKind;
  /** Lower case, without the dot; ffmpeg picks the container by it. */
  readonly extension: string;
  readonly codecs: readonly string[];
}

const h264 = [...quickly, ...sound];
const mpeg2 = ["-c:v", "mpeg2video", "-b:v", "4M", "-pix_fmt", "yuv420p"];

/** By kind, the commonest first. Every codec here is in the packaged ffmpeg of 2018. */
const codecs: Readonly<Record<ClipKind, Readonly<Record<string, readonly string[]>>>> = {
  video: {
    mp4: h264,
    mov: h264,
    m4v: h264,
    mkv: h264,
    webm: ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "2M", "-c:a", "libvorbis"],
    ts: h264,
    mts: h264,
    m2ts: h264,
    flv: [...h264, "-ar", "44100"],
    "3gp": h264,
    avi: ["-c:v", "mpeg4", "-b:v", "4M", "-c:a", "libmp3lame"],
    mpg: [...mpeg2, "-c:a", "mp2"],
    mpeg: [...mpeg2, "-c:a", "mp2"],
    wmv: ["-c:v", "wmv2", "-b:v", "4M", "-c:a", "wmav2"],
    ogv: ["-c:v", "libtheora", "-b:v", "4M", "-c:a", "libvorbis"],
    mxf: [...mpeg2, "-c:a", "pcm_s16le"],
  },
  sound: {
    wav: ["-c:a", "pcm_s16le"],
    mp3: ["-c:a", "libmp3lame"],
    m4a: sound,
    flac: ["-c:a", "flac"],
    aac: sound,
    ogg: ["-c:a", "libvorbis"],
    opus: ["-c:a", "libopus", "-ar", "48000"],
  },
  picture: { png: [], jpg: [], jpeg: [], webp: [], gif: [], tiff: [] },
};

/** What a route can take, the fittest first. */
const kindsOf = (route: Route): readonly ClipKind[] => {
  if (route.engine === "elastic-transcoder") return ["video", "sound"];
  switch (route.recipe.name) {
    case "audio":
      return ["sound", "video"];
    case "image":
      return ["picture"];
    case "clip":
    case "transcode":
      return ["video", "sound"];
    default:
      return ["video"];
  }
};

/** The formats that can be made of those a route takes, the fittest first. */
export const formatsFor = (route: Route): readonly ClipFormat[] =>
  kindsOf(route).flatMap((kind) =>
    Object.entries(codecs[kind])
      .filter(([extension]) => route.extensions.includes(extension))
      .map(([extension, given]) => ({ kind, extension, codecs: given })),
  );

const usualSeconds = 4;

/** Seconds that a clip must play for a route: it must not end before the part that the route cuts out. */
export const secondsFor = (route: Route): number =>
  route.engine === "ffmpeg" && route.recipe.name === "clip" && "seconds" in route.recipe.start
    ? Math.max(usualSeconds, Math.ceil(route.recipe.start.seconds) + 2)
    : usualSeconds;

/** ffmpeg's arguments for a clip, the file's name left out. */
export const clipArguments = ({ kind, codecs: given }: ClipFormat, seconds: number): readonly string[] => {
  const length = ["-t", String(seconds)];
  switch (kind) {
    case "video":
      return [...lavfi(`testsrc2=s=854x480:r=30:d=${seconds}`, chord), ...length, ...given];
    case "sound":
      return [...lavfi(sweep), ...length, ...given];
    case "picture":
      return [...lavfi("testsrc2=s=1280x800:r=1:d=1"), "-frames:v", "1", ...given];
  }
};
