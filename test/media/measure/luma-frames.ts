import type { MediaPrograms } from "../../e2e/media-programs.ts";
import type { DecodeOptions } from "./decoded-audio.ts";

/** A decoded frame as a small grid of luma values, as stored: no range or matrix is applied. */
export interface LumaFrame {
  readonly seconds: number;
  /** Row by row. */
  readonly luma: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Options of reading luma: the grid's size, absent for the size of the video. */
export interface LumaOptions extends DecodeOptions {
  readonly grid?: readonly [width: number, height: number];
}

/** Times of the frames that the filter `showinfo` logs, and their size. */
const parseVideoLog = (log: string) => {
  const times: number[] = [];
  let size = { width: 0, height: 0 };
  for (const [, pts, width, height] of log.matchAll(/pts_time:(-?[\d.e+-]+).*? s:(\d+)x(\d+) /g)) {
    times.push(Number(pts));
    size = { width: Number(width), height: Number(height) };
  }
  return { times, size };
};

/** Decodes a video track of planar YUV, each frame once and at its timestamp, whatever the frame rate says. */
export const readLumaFrames = async (
  programs: MediaPrograms,
  path: string,
  { track = 0, isAbsolute = false, inputArguments = [], grid }: LumaOptions = {},
): Promise<readonly LumaFrame[]> => {
  const scale =
    grid === undefined ? [] : [`scale=${grid[0]}:${grid[1]}:flags=area:in_range=full:out_range=full`];
  const { output, log } = await programs.ffmpegResult([
    ...(isAbsolute ? ["-copyts"] : []),
    ...[...inputArguments, "-i", path, "-map", `0:v:${track}`],
    ...["-vf", ["extractplanes=y", ...scale, "showinfo"].join(","), "-vsync", "passthrough"],
    ...["-f", "rawvideo", "-pix_fmt", "gray", "-"],
  ]);
  const { times, size } = parseVideoLog(log);
  const bytes = size.width * size.height;
  if (times.length * bytes !== output.length)
    throw new Error(`${path}: ${times.length} frames of ${bytes} bytes, but ${output.length} bytes`);
  return times.map((seconds, index) => ({
    seconds,
    luma: output.subarray(index * bytes, (index + 1) * bytes),
    ...size,
  }));
};

/** Seconds from the first frame to the end of the last, which is taken to be as long as the one before it. */
export const measureVideoSeconds = (frames: readonly LumaFrame[]): number => {
  const [first, second] = frames;
  const last = frames.at(-1);
  const beforeLast = frames.at(-2);
  if (first === undefined || last === undefined) return 0;
  if (second === undefined || beforeLast === undefined) return 0;
  return last.seconds - first.seconds + (last.seconds - beforeLast.seconds);
};
