import { type ColorMatrix, resolveSourceColor, type SourceColor } from "../media/color.ts";
import type { Size } from "../media/geometry.ts";
import type { VideoProbe } from "../media/probe.ts";
import type { Capabilities } from "./capabilities.ts";
import { buildFrameFilters } from "./frame-filters.ts";
import {
  buildColorTagFilters,
  type FrameColor,
  jpegFrames,
  pngFrames,
  resolveVideoColor,
  type VideoColor,
} from "./output-color.ts";
import { buildZscaleFilters, shouldUseZscale } from "./tone-map.ts";

/** The part of a build's capabilities that color conversion depends on. */
export type ColorCapabilities = Pick<Capabilities, "hasLuminanceOotf">;

/** Without these, `scale` is off by up to 4 of 255 in a conversion. They slow scaling, so others go without. */
const exactFlags = "bicubic+accurate_rnd+full_chroma_int";

/** Names of `scale` for matrices; for those that it does not have, any serves if input and output are equal. */
const scaleMatrices: Readonly<Record<ColorMatrix, string>> = {
  rgb: "bt709",
  bt601: "bt601",
  bt709: "bt709",
  bt2020: "bt2020",
  smpte240m: "smpte240m",
  fcc: "fcc",
  ycgco: "bt709",
  ictcp: "bt2020",
};

type SampleColor = Pick<SourceColor, "matrix" | "range">;

/** Options of `scale` for its input and output. It never has to guess: for RGB it ignores them. */
const buildScaleOptions = (from: SampleColor, to: SampleColor): string =>
  `in_color_matrix=${scaleMatrices[from.matrix]}:in_range=${from.range}:out_color_matrix=${scaleMatrices[to.matrix]}:out_range=${to.range}`;

const rgbSamples: SampleColor = { matrix: "rgb", range: "pc" };
const jpegSamples: SampleColor = { matrix: "bt601", range: "pc" };

/** The JPEG step is separate: the 2018 build ignores the output range if the matrix changes too. */
const rgbToJpegFilters: readonly string[] = [
  `scale=flags=${exactFlags}:${buildScaleOptions(rgbSamples, jpegSamples)}`,
  "format=yuvj420p",
];

/** PNG encoders write the tags of a frame. With those of a video, browsers would brighten the image. */
const pngTagFilters: readonly string[] = [
  "setparams=range=pc:color_primaries=bt709:color_trc=iec61966-2-1:colorspace=gbr",
];

/** Filters after the conversion to RGB: the format of the encoder, with its tags. */
const buildRgbTargetFilters = ({ pixelFormat }: FrameColor): readonly string[] => {
  if (pixelFormat === "yuvj420p") return ["format=rgb24", ...rgbToJpegFilters];
  return [`format=${pixelFormat}`, ...(pixelFormat === "rgb24" ? pngTagFilters : [])];
};

/** Scales in the source's own color with 10 bits, then converts: the fewer pixels, the less it costs. */
const buildZscaleChain = (
  size: string,
  source: SourceColor,
  target: FrameColor,
  capabilities: ColorCapabilities,
): readonly string[] => {
  const isVideo = target.matrix !== "rgb" && target.pixelFormat !== "yuvj420p";
  // An image may have an odd size, which zscale rejects for subsampled chroma.
  const workFormat = source.matrix === "rgb" ? "gbrp10le" : isVideo ? "yuv420p10le" : "yuv444p10le";
  const scaled = [`scale=${size}:flags=bicubic:${buildScaleOptions(source, source)}`, `format=${workFormat}`];
  if (!isVideo || target.matrix === "bt601")
    return [
      ...scaled,
      ...buildZscaleFilters(source, "gbrp", capabilities),
      ...(isVideo
        ? [
            `scale=flags=${exactFlags}:${buildScaleOptions(rgbSamples, { matrix: "bt601", range: "tv" })}`,
            `format=${target.pixelFormat}`,
          ]
        : [`scale=${buildScaleOptions(rgbSamples, rgbSamples)}`, ...buildRgbTargetFilters(target)]),
    ];
  return [
    ...scaled,
    ...buildZscaleFilters(source, target.pixelFormat === "yuv422p" ? "yuv422p" : "yuv420p", capabilities),
  ];
};

/** Builds the filters that scale frames and convert their color. Every conversion is explicit. */
export const buildColorScaleFilters = (
  { width, height }: Size,
  source: SourceColor,
  target: FrameColor,
  capabilities: ColorCapabilities,
): readonly string[] => {
  const size = `${width}:${height}`;
  if (shouldUseZscale(source)) return buildZscaleChain(size, source, target, capabilities);
  if (target.matrix === "rgb" || target.pixelFormat === "yuvj420p")
    return [
      `scale=${size}:flags=${exactFlags}:${buildScaleOptions(source, rgbSamples)}`,
      ...buildRgbTargetFilters(target),
    ];
  const samples: SampleColor = { matrix: target.matrix, range: "tv" };
  const flags = source.matrix === target.matrix ? "bicubic" : exactFlags;
  return [
    `scale=${size}:flags=${flags}:${buildScaleOptions(source, samples)}`,
    `format=${target.pixelFormat}`,
  ];
};

/** Builds the filters from RGBA to the format in which `overlay` puts it on frames. */
export const buildAlphaTargetFilters = ({ matrix, pixelFormat }: FrameColor): readonly string[] =>
  matrix === "rgb"
    ? []
    : [
        `scale=flags=${exactFlags}:${buildScaleOptions(rgbSamples, { matrix, range: "tv" })}`,
        `format=${pixelFormat === "yuv422p" ? "yuva422p" : "yuva420p"}`,
      ];

/** Color of a recipe's video output. */
export const getOutputColor = (video: VideoProbe): VideoColor => resolveVideoColor(resolveSourceColor(video));

/**
 * Filters that deinterlace a source, scale it to a size with square pixels and convert its color.
 *
 * @param use what the frames are for; `video` is H.264 as `getOutputColor` describes it
 * @param required matrix of `video` frames that are joined with others. @default that of `getOutputColor`
 */
export const buildVideoFilters = (
  video: VideoProbe,
  size: Size,
  use: "video" | "jpeg" | "png",
  capabilities: ColorCapabilities,
  required?: VideoColor["matrix"],
): readonly string[] => {
  const source = resolveSourceColor(video);
  const color = resolveVideoColor(source, required);
  const targets = {
    video: { pixelFormat: "yuv420p", matrix: color.matrix },
    jpeg: jpegFrames,
    png: pngFrames,
  } as const;
  return [
    ...buildFrameFilters(video),
    ...buildColorScaleFilters(size, source, targets[use], capabilities),
    ...(use === "video" ? buildColorTagFilters(color) : []),
    "setsar=1",
  ];
};

/**
 * Filters for frames that are analyzed: progressive, upright RGB, in which every build computes the same scene scores.
 * The fast conversion of SDR deviates by a few levels from the exact one.
 */
export const buildAnalysisFilters = (
  video: VideoProbe,
  capabilities: ColorCapabilities,
): readonly string[] => {
  const source = resolveSourceColor(video);
  const { width, height } = video;
  return [
    ...buildFrameFilters(video),
    ...(shouldUseZscale(source)
      ? buildZscaleChain(`${width}:${height}`, source, pngFrames, capabilities)
      : [`scale=${width}:${height}:${buildScaleOptions(source, rgbSamples)}`, "format=rgb24"]),
    "setsar=1",
  ];
};

/** Filters that convert the frames of `buildAnalysisFilters` for the JPEG encoder. */
export const analysisToJpegFilters = rgbToJpegFilters;

/** Filters that scale frames of an output's color to another frame of the same, or to a JPEG. */
export const buildOutputScaleFilters = (
  { width, height }: Size,
  { matrix }: VideoColor,
  use: "video" | "jpeg",
): readonly string[] => {
  const samples: SampleColor = { matrix, range: "tv" };
  return use === "video"
    ? [`scale=${width}:${height}:flags=bicubic:${buildScaleOptions(samples, samples)}`, "setsar=1"]
    : [
        `scale=${width}:${height}:flags=${exactFlags}:${buildScaleOptions(samples, rgbSamples)}`,
        ...buildRgbTargetFilters(jpegFrames),
        "setsar=1",
      ];
};
