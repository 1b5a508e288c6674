import { barColumns, buildBarsGraph, buildGraphInput } from "./graphs.ts";
import { encodeInput, type InputKind, type MediaFacts, type MediaInput } from "./media-input.ts";

const shape = { rate: 12, seconds: 1 };
const facts: MediaFacts = { videoSeconds: 1, columns: barColumns, frames: [11, 13] };
const h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "8"];
const bt709Tags = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"];
const bt601Tags = ["-colorspace", "smpte170m", "-color_primaries", "smpte170m", "-color_trc", "smpte170m"];
const untag = "h264_metadata=colour_primaries=2:transfer_characteristics=2:matrix_coefficients=2";

interface BarsClip {
  readonly name: string;
  readonly description: string;
  readonly isSample?: true;
  readonly size?: readonly [number, number];
  /** Matrix, range and pixel format of the stored video; absent: RGB as it is. */
  readonly stored?: readonly [matrix: "bt601" | "bt709", range: "tv" | "pc", pixelFormat: string];
  readonly codec: readonly string[];
}

const hd = [1280, 720] as const;
const buildInput = ({ name, description, isSample, size = hd, stored, codec }: BarsClip): MediaInput => ({
  name,
  description,
  ...(isSample === undefined ? {} : { isSample }),
  create: encodeInput(
    buildGraphInput(buildBarsGraph({ ...shape, size })),
    ...(stored === undefined
      ? []
      : [["-vf", `scale=out_color_matrix=${stored[0]}:out_range=${stored[1]},format=${stored[2]}`]]),
    codec,
  ),
  facts,
});

const sd = [640, 360] as const;
const clips: readonly BarsClip[] = [
  {
    name: "hd-709.mp4",
    description: "720 lines, tagged BT.709",
    isSample: true,
    stored: ["bt709", "tv", "yuv420p"],
    codec: [...h264, ...bt709Tags, "-color_range", "tv"],
  },
  {
    name: "hd-untagged.mkv",
    description: "720 lines, BT.709 without tags",
    isSample: true,
    stored: ["bt709", "tv", "yuv420p"],
    codec: [...h264, "-bsf:v", untag],
  },
  {
    name: "hd-601.mp4",
    description: "720 lines, tagged BT.601",
    stored: ["bt601", "tv", "yuv420p"],
    codec: [...h264, ...bt601Tags, "-color_range", "tv"],
  },
  {
    name: "sd-untagged.mkv",
    description: "360 lines, BT.601 without tags",
    size: sd,
    isSample: true,
    stored: ["bt601", "tv", "yuv420p"],
    codec: [...h264, "-bsf:v", untag],
  },
  {
    name: "sd-709.mp4",
    description: "360 lines, tagged BT.709",
    size: sd,
    stored: ["bt709", "tv", "yuv420p"],
    codec: [...h264, ...bt709Tags, "-color_range", "tv"],
  },
  {
    name: "impossible-matrix.mp4",
    description: "BT.709 with a tag that says ICtCp",
    stored: ["bt709", "tv", "yuv420p"],
    codec: [...h264, ...bt709Tags, "-bsf:v", "h264_metadata=matrix_coefficients=14"],
  },
  {
    name: "rgb-screen.mkv",
    description: "RGB in H.264, as screen recorders write",
    isSample: true,
    codec: ["-c:v", "libx264rgb", "-preset", "ultrafast", "-crf", "4"],
  },
  { name: "rgb-ffv1.mkv", description: "RGB in FFV1", size: sd, codec: ["-c:v", "ffv1", "-pix_fmt", "gbrp"] },
  {
    name: "full-range.mp4",
    description: "full range, tagged BT.709",
    stored: ["bt709", "pc", "yuvj420p"],
    codec: [...h264, ...bt709Tags, "-color_range", "pc"],
  },
  {
    name: "full-range-10-bit.mp4",
    description: "10-bit full range in HEVC, tagged BT.709",
    isSample: true,
    stored: ["bt709", "pc", "yuv420p10le"],
    codec: [
      ...["-c:v", "libx265", "-preset", "ultrafast", "-crf", "8", "-tag:v", "hvc1"],
      ...["-x265-params", "range=full:colorprim=bt709:transfer=bt709:colormatrix=bt709:log-level=error"],
      ...[...bt709Tags, "-color_range", "pc"],
    ],
  },
  {
    name: "prores-422.mov",
    description: "10-bit 4:2:2 ProRes, tagged BT.709",
    stored: ["bt709", "tv", "yuv422p10le"],
    codec: ["-c:v", "prores_ks", ...bt709Tags, "-color_range", "tv"],
  },
  {
    name: "vp9.webm",
    description: "VP9, tagged BT.709",
    size: sd,
    stored: ["bt709", "tv", "yuv420p"],
    codec: [
      ...["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "4M"],
      ...[...bt709Tags, "-color_range", "tv"],
    ],
  },
  {
    name: "mjpeg.avi",
    description: "Motion JPEG, as older cameras write",
    stored: ["bt601", "pc", "yuvj420p"],
    codec: ["-c:v", "mjpeg", "-q:v", "2"],
  },
];

/** The same bars in every way to store their colors. */
export const colors: InputKind = { title: "Color", inputs: clips.map(buildInput) };
