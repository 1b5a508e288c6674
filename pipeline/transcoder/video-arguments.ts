import { gopArguments, h264PresetArguments } from "./h264.ts";
import type { Preset, VideoParameters } from "./preset.ts";

/** ffmpeg's encoder of a preset's video codec. */
export const videoEncoders: Readonly<Record<string, string>> = {
  "H.264": "libx264",
  mpeg2: "mpeg2video",
  vp8: "libvpx",
  vp9: "libvpx-vp9",
  gif: "gif",
};
/** ffprobe's name of what that encoder makes. */
export const videoCodecs: Readonly<Record<string, string>> = {
  "H.264": "h264",
  mpeg2: "mpeg2video",
  vp8: "vp8",
  vp9: "vp9",
  gif: "gif",
};

/** MPEG-2 for MXF in Sony's XDCAM HD422 flavour (FFMPEG, "XDCAM422"). */
const xdcam = (video: VideoParameters, rate: string): readonly string[] => [
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
  "-flags",
  "+ildct+ilme",
  "-top",
  "1",
  "-sc_threshold",
  "1000000000",
];

const mpeg2 = (preset: Preset, video: VideoParameters, interlaced: boolean): readonly string[] => {
  const options = video.CodecOptions ?? {};
  const base = ["-c:v", "mpeg2video", "-pix_fmt", options.ChromaSubsampling ?? "yuv420p"];
  const rate = `${video.BitRate ?? "6500"}k`;
  if (preset.Container === "mxf" && options.ChromaSubsampling === "yuv422p")
    return [...base, ...xdcam(video, rate)];
  return [
    ...base,
    "-b:v",
    rate,
    "-maxrate",
    `${options.MaxBitRate ?? video.BitRate ?? "6500"}k`,
    "-bufsize",
    "1835k",
    "-bf",
    "2",
    ...gopArguments(video),
    ...(interlaced ? ["-flags", "+ildct+ilme", "-top", "1"] : []),
  ];
};

const vpx = (video: VideoParameters, encoder: string): readonly string[] => [
  "-c:v",
  encoder,
  "-pix_fmt",
  "yuv420p",
  "-deadline",
  "good",
  "-cpu-used",
  "4",
  ...(video.BitRate === undefined || video.BitRate === "auto"
    ? ["-crf", "32", "-b:v", "0"]
    : ["-b:v", `${video.BitRate}k`]),
  ...(video.KeyframesMaxDist === undefined ? [] : ["-g", video.KeyframesMaxDist]),
  ...(encoder === "libvpx-vp9" ? ["-row-mt", "1", "-tile-columns", "1"] : []),
];

/** The encoder's arguments of a preset's video. */
export const videoArguments = (
  preset: Preset,
  video: VideoParameters,
  interlaced: boolean,
): readonly string[] => {
  switch (video.Codec) {
    case "H.264":
      return h264PresetArguments(video, interlaced);
    case "mpeg2":
      return mpeg2(preset, video, interlaced);
    case "vp8":
      return vpx(video, "libvpx");
    case "vp9":
      return vpx(video, "libvpx-vp9");
    default:
      return ["-c:v", "gif"];
  }
};
