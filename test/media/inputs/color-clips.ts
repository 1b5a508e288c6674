import { join } from "node:path";
import type { MediaPrograms } from "../../e2e/media-programs.ts";
import { buildBarsGraph, buildGraphInput } from "./graphs.ts";

/** A clip of the bars: 8 frames. */
interface ColorClip {
  readonly size?: readonly [width: number, height: number];
  /** Filters from RGB to the samples of the clip. */
  readonly filters?: string;
  /** Encoder arguments. */
  readonly encoder: string;
  readonly tags?: string;
}

const hd = [1280, 720] as const;
const x264 = "-c:v libx264 -preset ultrafast -crf 8";
const tags709 = "-colorspace bt709 -color_primaries bt709 -color_trc bt709";
const exact = "scale=flags=accurate_rnd+full_chroma_int";
const limited709 = `${exact}:out_color_matrix=bt709:out_range=tv,format=yuv420p`;
const full709 = `${exact}:out_color_matrix=bt709:out_range=pc`;
const untagged =
  "-bsf:v h264_metadata=colour_primaries=2:transfer_characteristics=2:matrix_coefficients=2:video_full_range_flag=0";

/** Clips of the bars whose colors files describe in different ways, or not at all. */
export const colorClips = {
  "tagged.mp4": { filters: limited709, encoder: x264, tags: tags709 },
  "untagged.mkv": { filters: limited709, encoder: x264, tags: untagged },
  "untagged-portrait.mkv": { size: [720, 1280], filters: limited709, encoder: x264, tags: untagged },
  "untagged-sd.mkv": {
    size: [640, 360],
    filters: `${exact}:out_color_matrix=bt601:out_range=tv,format=yuv420p`,
    encoder: x264,
    tags: untagged,
  },
  "tagged-sd.mp4": { size: [640, 360], filters: limited709, encoder: x264, tags: tags709 },
  "impossible-matrix.mp4": {
    filters: limited709,
    encoder: x264,
    tags: `${tags709} -bsf:v h264_metadata=matrix_coefficients=14`,
  },
  "rgb-matrix.mp4": {
    filters: limited709,
    encoder: x264,
    tags: `${tags709} -bsf:v h264_metadata=matrix_coefficients=0`,
  },
  "rgb-screen.mkv": { encoder: "-c:v libx264rgb -preset ultrafast -crf 8" },
  "full-range.mp4": {
    filters: `${full709},format=yuvj420p`,
    encoder: x264,
    tags: `${tags709} -color_range pc`,
  },
  "full-range-10-bit.mkv": {
    filters: `${full709},format=yuv420p10le`,
    encoder: "-c:v libx265 -preset ultrafast -x265-params log-level=error:crf=4:range=full",
    tags: `${tags709} -color_range pc`,
  },
  "jpeg-frames.avi": {
    filters: `${exact}:out_color_matrix=bt601:out_range=pc,format=yuvj420p`,
    encoder: "-c:v mjpeg -q:v 2",
  },
  "ten-bit-422.mov": {
    filters: `${exact}:out_color_matrix=bt709:out_range=tv,format=yuv422p10le`,
    encoder: "-c:v prores_ks",
    tags: tags709,
  },
  "vp9.webm": {
    filters: limited709,
    encoder: "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -crf 8 -b:v 0",
    tags: tags709,
  },
  "wide-gamut.mkv": {
    filters: "zscale=pin=709:tin=709:p=2020:t=709:m=2020_ncl:r=tv,format=yuv420p10le",
    encoder: "-c:v libx265 -preset ultrafast -x265-params log-level=error:crf=4",
    tags: "-colorspace bt2020nc -color_primaries bt2020 -color_trc bt2020-10",
  },
} as const satisfies Readonly<Record<string, ColorClip>>;

/** Makes a clip in a folder. */
export const makeColorClip = async (
  programs: MediaPrograms,
  folder: string,
  name: keyof typeof colorClips,
): Promise<void> => {
  const { size = hd, filters, encoder, tags = "" }: ColorClip = colorClips[name];
  await programs.ffmpeg([
    ...buildGraphInput(`${buildBarsGraph({ size, seconds: 0.32 })},format=gbrp`),
    ...(filters === undefined ? [] : ["-vf", filters]),
    ...[encoder, tags].flatMap((text) => text.split(" ")).filter((argument) => argument !== ""),
    join(folder, name),
  ]);
};
