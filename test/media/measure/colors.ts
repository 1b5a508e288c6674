import * as z from "zod";
import type { MediaPrograms } from "../../e2e/media-programs.ts";
import type { Color } from "../../e2e/pixels.ts";
import { readYuvPixel, type YuvLayout } from "./yuv.ts";

const streamSchema = z.object({
  codec_name: z.string(),
  width: z.number(),
  height: z.number(),
  pix_fmt: z.string(),
  color_range: z.optional(z.string()),
  color_space: z.optional(z.string()),
  color_transfer: z.optional(z.string()),
  color_primaries: z.optional(z.string()),
});
const document = z.object({ streams: z.array(streamSchema).check(z.minLength(1)) });
type VideoStream = z.infer<typeof streamSchema>;

/** The color tags of a file's first video stream, as ffprobe names them; `unknown` without one. */
export interface ColorTags {
  readonly range: string;
  readonly matrix: string;
  readonly transfer: string;
  readonly primaries: string;
}

const readVideoStream = async (programs: MediaPrograms, path: string): Promise<VideoStream> => {
  const text = await programs.ffprobe([...["-select_streams", "v:0", "-show_streams", "-of", "json", path]]);
  const [stream] = document.parse(JSON.parse(text)).streams;
  if (stream === undefined) throw new Error(`${path} has no video`);
  return stream;
};

/** Reads the color tags of the first video stream. */
export const readColorTags = async (programs: MediaPrograms, path: string): Promise<ColorTags> => {
  const stream = await readVideoStream(programs, path);
  return {
    range: stream.color_range ?? "unknown",
    matrix: stream.color_space ?? "unknown",
    transfer: stream.color_transfer ?? "unknown",
    primaries: stream.color_primaries ?? "unknown",
  };
};

const taggedMatrices: Readonly<Record<string, YuvLayout["matrix"]>> = {
  bt709: "bt709",
  smpte170m: "bt601",
  bt470bg: "bt601",
  bt2020nc: "bt2020",
};

/**
 * The matrix that a player uses: the tag; without one, BT.709 from 720 lines and BT.601 below. JPEG and WebP are always
 * BT.601 (JFIF 1.02; RFC 6386 section 9.2).
 *
 * @throws Error for a tag that players do not support
 */
const selectMatrix = ({ codec_name, color_space = "unknown", height }: VideoStream): YuvLayout["matrix"] => {
  if (["mjpeg", "webp"].includes(codec_name)) return "bt601";
  if (["unknown", "unspecified", "reserved"].includes(color_space)) return height >= 720 ? "bt709" : "bt601";
  const matrix = taggedMatrices[color_space];
  if (matrix === undefined) throw new Error(`Players do not support the matrix ${color_space}.`);
  return matrix;
};

/** Layout of the pixel formats yuv420p, yuvj422p, yuv444p10le and the like; undefined for others. */
const parseLayout = (stream: VideoStream): YuvLayout | undefined => {
  const [, full, subsampling, depth] =
    /^yuv(j?)a?(420|422|444)p(?:(9|10|12|14|16)le)?$/.exec(stream.pix_fmt) ?? [];
  if (subsampling === undefined) return undefined;
  return {
    width: stream.width,
    height: stream.height,
    chromaShift: [subsampling === "444" ? 0 : 1, subsampling === "420" ? 1 : 0],
    bitDepth: depth === undefined ? 8 : Number(depth),
    isFullRange: full === "j" || stream.color_range === "pc",
    matrix: selectMatrix(stream),
  };
};

const readRgbPixel = (bytes: Buffer, x: number, y: number, width: number): Color => {
  const at = (y * width + x) * 3;
  return [bytes[at] ?? -1, bytes[at + 1] ?? -1, bytes[at + 2] ?? -1];
};

/** Options of reading colors. */
export interface ColorOptions {
  /** Seconds of the frame; default: the first frame. */
  readonly seconds?: number;
  /** Reads the pixels by another matrix than the one that `selectMatrix` answers. */
  readonly matrix?: YuvLayout["matrix"];
}

/**
 * Colors of a frame as a player shows them, computed here from the planes that the decoder answers: ffmpeg converts
 * nothing but RGB to RGB. Each is the mean of 9 × 9 pixels around a point, or of fewer at an edge.
 *
 * @param points fractions of width and height
 */
export const readColors = async (
  programs: MediaPrograms,
  path: string,
  points: readonly (readonly [x: number, y: number])[],
  { seconds, matrix }: ColorOptions = {},
): Promise<readonly Color[]> => {
  const stream = await readVideoStream(programs, path);
  const { width, height } = stream;
  const layout = parseLayout(stream);
  const bytes = await programs.ffmpegOutput([
    ...["-noautorotate", "-i", path, "-map", "0:v:0", "-an"],
    ...(seconds === undefined ? [] : ["-vf", `select='gte(t,${seconds})'`]),
    ...["-vsync", "passthrough", "-frames:v", "1", "-f", "rawvideo"],
    ...["-pix_fmt", layout === undefined ? "rgb24" : stream.pix_fmt, "-"],
  ]);
  if (bytes.length === 0)
    throw new Error(`${path} has no frame${seconds === undefined ? "" : ` at ${seconds} s`}`);
  const yuv = layout && (matrix === undefined ? layout : { ...layout, matrix });
  const readPixel = (x: number, y: number): Color =>
    yuv === undefined ? readRgbPixel(bytes, x, y, width) : readYuvPixel(bytes, x, y, yuv);
  return points.map(([left, top]) => {
    const [centerX, centerY] = [Math.floor(left * width), Math.floor(top * height)];
    const pixels: Color[] = [];
    for (let y = Math.max(0, centerY - 4); y <= Math.min(height - 1, centerY + 4); y += 1)
      for (let x = Math.max(0, centerX - 4); x <= Math.min(width - 1, centerX + 4); x += 1)
        pixels.push(readPixel(x, y));
    const mean = (channel: 0 | 1 | 2) =>
      pixels.reduce((sum, pixel) => sum + pixel[channel], 0) / pixels.length;
    return [mean(0), mean(1), mean(2)];
  });
};

/** The bars of the color clips, from left to right. */
export const barColors: readonly Color[] = [
  [0xc0, 0x30, 0x20],
  [0x20, 0xa0, 0x40],
  [0x20, 0x40, 0xc0],
  [0x80, 0x80, 0x80],
];

/** The middles of the four bars: under the top edge, where a watermark does not cover them. */
export const barPoints = [0, 1, 2, 3].map((index) => [(index + 0.5) / 4, 0.3] as const);

/** The largest difference of a channel, of 255. */
export const measureColorError = (colors: readonly Color[], expected: readonly Color[]): number =>
  Math.max(
    ...expected.flatMap((color, index) =>
      color.map((value, channel) => Math.abs((colors[index]?.[channel] ?? Infinity) - value)),
    ),
  );
