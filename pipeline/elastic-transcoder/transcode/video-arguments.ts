import type { Preset, VideoParameters } from "../presets/preset.ts";
import type { RateControl } from "./bit-rate.ts";
import type { FieldOrder } from "./field-order.ts";
import { buildGopArguments, buildH264PresetArguments } from "./h264.ts";

/** Name of ffmpeg's encoder for a preset's video codec. */
export const videoEncoders: Readonly<Record<string, string>> = {
  "H.264": "libx264",
  mpeg2: "mpeg2video",
  vp8: "libvpx",
  vp9: "libvpx-vp9",
  gif: "gif",
};
/** ffprobe's codec name for the encoder's output. */
export const videoCodecs: Readonly<Record<string, string>> = {
  "H.264": "h264",
  mpeg2: "mpeg2video",
  vp8: "vp8",
  vp9: "vp9",
  gif: "gif",
};

const buildFieldOrderArguments = (fieldOrder: FieldOrder): readonly string[] =>
  fieldOrder === "progressive" ? [] : ["-flags", "+ildct+ilme", "-top", fieldOrder === "top" ? "1" : "0"];

/** MPEG-2 for MXF as in Sony's XDCAM HD422: 4:2:2 profile at high level. */
const buildXdcamArguments = (
  video: VideoParameters,
  rate: string,
  fieldOrder: FieldOrder,
): readonly string[] => [
  "-profile:v",
  "0",
  "-level:v",
  "2",
  "-intra_vlc",
  "1",
  "-non_linear_quant",
  "1",
  "-dc",
  "10",
  "-qmin",
  "1",
  "-qmax",
  "28",
  "-b:v",
  rate,
  "-minrate",
  rate,
  "-maxrate",
  rate,
  "-bufsize",
  "17825792",
  "-bf",
  "2",
  "-g",
  video.KeyframesMaxDist ?? "12",
  ...buildFieldOrderArguments(fieldOrder),
  "-sc_threshold",
  "1000000000",
];

/** Buffer size of MPEG-2 at main level (ISO/IEC 13818-2, table 8-14). */
const mainLevelBufferKbits = 1835;
const defaultMpeg2Kbps = 6500;
/** Minimum for XDCAM's constant rate: below it, XDCAM's finest quantizers overflow the buffer. */
const minXdcamKbps = 18_000;

const buildMpeg2Arguments = (
  preset: Preset,
  video: VideoParameters,
  rate: RateControl,
  fieldOrder: FieldOrder,
): readonly string[] => {
  const chroma = video.CodecOptions?.ChromaSubsampling ?? "yuv420p";
  const average = rate.averageKbps ?? defaultMpeg2Kbps;
  const base = ["-c:v", "mpeg2video", "-pix_fmt", chroma];
  if (preset.Container === "mxf" && chroma === "yuv422p" && average >= minXdcamKbps)
    return [...base, ...buildXdcamArguments(video, `${average}k`, fieldOrder)];
  const maximum = Math.max(average, rate.maxKbps ?? average);
  return [
    ...base,
    "-b:v",
    `${average}k`,
    "-maxrate",
    `${maximum}k`,
    "-bufsize",
    // At least a few frames. MPEG-2 decoders do not have the ten-second buffer of the developer guide.
    `${Math.max(mainLevelBufferKbits, Math.ceil(maximum / 5))}k`,
    "-bf",
    "2",
    ...buildGopArguments(video),
    ...buildFieldOrderArguments(fieldOrder),
  ];
};

const buildVpxArguments = (video: VideoParameters, encoder: string, rate: RateControl): readonly string[] => [
  "-c:v",
  encoder,
  "-pix_fmt",
  "yuv420p",
  "-deadline",
  "good",
  "-cpu-used",
  "4",
  ...(encoder === "libvpx" && video.CodecOptions?.Profile !== undefined
    ? ["-profile:v", video.CodecOptions.Profile]
    : []),
  ...(rate.averageKbps === undefined ? ["-crf", "32", "-b:v", "0"] : ["-b:v", `${rate.averageKbps}k`]),
  ...(rate.maxKbps === undefined || rate.averageKbps === undefined
    ? []
    : [
        "-maxrate",
        `${rate.maxKbps}k`,
        "-bufsize",
        `${Math.max(rate.averageKbps / 2, rate.bufferKbits ?? 0)}k`,
      ]),
  ...buildGopArguments(video),
  ...(encoder === "libvpx-vp9" ? ["-row-mt", "1", "-tile-columns", "1"] : []),
];

/** Builds the encoder arguments for a preset's video. */
export const buildVideoArguments = (
  preset: Preset,
  video: VideoParameters,
  rate: RateControl,
  fieldOrder: FieldOrder,
  segmentSeconds: number | undefined,
): readonly string[] => {
  switch (video.Codec) {
    case "H.264":
      return buildH264PresetArguments(video, rate, fieldOrder, segmentSeconds);
    case "mpeg2":
      return buildMpeg2Arguments(preset, video, rate, fieldOrder);
    case "vp8":
      return buildVpxArguments(video, "libvpx", rate);
    case "vp9":
      return buildVpxArguments(video, "libvpx-vp9", rate);
    default:
      return ["-c:v", "gif"];
  }
};
