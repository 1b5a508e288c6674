import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { MediaPrograms } from "../../e2e/media-programs.ts";
import { buildFrameCounterGraph } from "./frame-counter.ts";
import { buildGraphInput } from "./graphs.ts";
import { buildSecondBeepGraph } from "./time-code.ts";

/** A live channel of which segments are made. */
export interface LiveChannel {
  readonly container: "mpegts" | "fmp4";
  /** Frames per second, as ffmpeg parses it. */
  readonly rate: string;
  readonly seconds: number;
  /** Whole frames of a segment: each begins with a keyframe. */
  readonly framesPerSegment: number;
  /** Timestamp of the first frame, seconds. */
  readonly startSeconds: number;
  /** Number of the first frame. @default 0 */
  readonly firstFrame?: number;
  /** Graph of the video. @default numbered frames */
  readonly videoGraph?: string;
  /** Further arguments of the encoder, e.g. another size. @default none */
  readonly encoderArguments?: readonly string[];
}

/** Segments of a channel, with a beep each second. */
export interface LiveSegments {
  readonly segments: readonly Buffer[];
  /** The initialization section; absent for MPEG-TS. */
  readonly initialization?: Buffer;
}

/** Encodes a live channel as H.264 with B-frames and AAC, and cuts it into segments as a live origin does. */
export const makeLiveSegments = async (
  programs: MediaPrograms,
  folder: string,
  channel: LiveChannel,
): Promise<LiveSegments> => {
  const { container, rate, seconds, framesPerSegment, startSeconds, firstFrame } = channel;
  const { encoderArguments = [], videoGraph = buildFrameCounterGraph(rate, seconds, firstFrame) } = channel;
  const extension = container === "fmp4" ? "m4s" : "ts";
  const [numerator = 25, denominator = 1] = rate.split("/").map(Number);
  const segmentSeconds = (framesPerSegment * denominator) / numerator;
  await programs.ffmpeg([
    ...buildGraphInput(videoGraph),
    ...buildGraphInput(buildSecondBeepGraph(seconds)),
    ..."-c:v libx264 -preset veryfast -crf 20 -bf 3 -sc_threshold 0 -c:a aac -b:a 96k -g".split(" "),
    ...[
      String(framesPerSegment),
      ...encoderArguments,
      "-output_ts_offset",
      String(startSeconds),
      "-f",
      "hls",
    ],
    ...["-hls_time", String(segmentSeconds - 0.01), "-hls_list_size", "0", "-hls_segment_type", container],
    ...["-hls_segment_filename", join(folder, `%03d.${extension}`), join(folder, "live.m3u8")],
  ]);
  const names = (await readdir(folder)).filter((name) => name.endsWith(`.${extension}`)).sort();
  const segments = await Promise.all(names.map((name) => readFile(join(folder, name))));
  return container === "fmp4"
    ? { segments, initialization: await readFile(join(folder, "init.mp4")) }
    : { segments };
};
