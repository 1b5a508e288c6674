import type { SourceColor } from "../media/color.ts";

/** Color of a video output. Its range is always limited, its transfer that of SDR. */
export interface VideoColor {
  readonly matrix: "bt601" | "bt709";
  readonly primaries: "bt709" | "bt470bg" | "smpte170m";
}

/** Frames for an encoder. Full-range BT.601 is what JPEG means (JFIF 1.02). */
export type FrameColor =
  | { readonly pixelFormat: "yuv420p" | "yuv422p"; readonly matrix: VideoColor["matrix"] }
  | { readonly pixelFormat: "yuvj420p"; readonly matrix: "bt601" }
  | { readonly pixelFormat: "rgb24" | "bgra"; readonly matrix: "rgb" };

export const jpegFrames: FrameColor = { pixelFormat: "yuvj420p", matrix: "bt601" };
export const pngFrames: FrameColor = { pixelFormat: "rgb24", matrix: "rgb" };
/** The pixel format that ffmpeg's palette filters take. */
export const gifFrames: FrameColor = { pixelFormat: "bgra", matrix: "rgb" };

const bt709: VideoColor = { matrix: "bt709", primaries: "bt709" };

/** BT.601 with the primaries of its source, where the source has any of BT.601. */
const buildBt601Color = ({ primaries }: SourceColor): VideoColor => ({
  matrix: "bt601",
  primaries:
    primaries === "bt470bg" || primaries === "smpte170m" || primaries === "bt709" ? primaries : "smpte170m",
});

/**
 * Decides the color of a video output. BT.601 and BT.709 stay as they are, because players read the tags and a
 * conversion to another matrix costs a quarter more CPU time (720p, veryfast). Everything else, e.g. RGB, BT.2020 and HDR, becomes BT.709.
 *
 * @param required matrix that the codec or the preset demands
 */
export const resolveVideoColor = (source: SourceColor, required?: VideoColor["matrix"]): VideoColor => {
  const matrix = required ?? (source.matrix === "bt601" && source.kind === "sdr" ? "bt601" : "bt709");
  if (matrix === "bt601")
    return source.kind === "sdr" ? buildBt601Color(source) : { matrix, primaries: "bt709" };
  const { primaries } = source;
  return source.kind === "sdr" && source.matrix === "bt709" && primaries !== "bt709"
    ? { matrix, primaries: primaries === "bt470bg" ? "bt470bg" : "smpte170m" }
    : bt709;
};

interface ColorTags {
  readonly matrix: string;
  readonly primaries: string;
  readonly transfer: string;
}

/** Names of ffmpeg, the same in options of encoders and filters. */
const getColorTags = ({ matrix, primaries }: VideoColor): ColorTags => {
  const name = matrix === "bt709" ? "bt709" : "smpte170m";
  return { matrix: name, primaries, transfer: name };
};

/**
 * Arguments that make an encoder write the color into its stream and, by its muxer, into the container. From ffmpeg 7 on,
 * the tags of the frames replace them (`buildColorTagFilters`).
 */
export const buildColorTagArguments = (color: VideoColor): readonly string[] => {
  const { matrix, primaries, transfer } = getColorTags(color);
  return [
    ...["-colorspace", matrix, "-color_primaries", primaries, "-color_trc", transfer],
    ...["-color_range", "tv"],
  ];
};

/** Filters that tag the frames of a video output with its color. They change no sample. */
export const buildColorTagFilters = (color: VideoColor): readonly string[] => {
  const { matrix, primaries, transfer } = getColorTags(color);
  return [`setparams=range=tv:color_primaries=${primaries}:color_trc=${transfer}:colorspace=${matrix}`];
};
