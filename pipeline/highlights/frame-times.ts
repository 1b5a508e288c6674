import * as z from "../schema/z.ts";
import type { SegmentStream, StoredSegment } from "./frame-reader.ts";

const packetSchema = z.object({
  pts_time: z.optional(z.coerce.number<string>()),
  pos: z.optional(z.coerce.number<string>()),
});
/** The packets of ffprobe's JSON (`-show_entries packet=pts_time,pos`) of a video track. */
export const packetListSchema = z.object({ packets: z._default(z.array(packetSchema), []) });
type Packet = z.infer<typeof packetSchema>;

/** The frames of a segment on the clock of their stream. */
export interface SegmentFrames {
  readonly id: string;
  /** Timestamps, seconds, ascending. */
  readonly pts: readonly number[];
}

/** The parts of a stream in the order of their bytes. */
export const listStreamSegments = ({ previous, segments }: SegmentStream): readonly StoredSegment[] => [
  ...(previous === undefined ? [] : [previous]),
  ...segments,
];

/**
 * Assigns the packets of a stream to its segments, by their position in its bytes: one packet is one frame. A packet
 * without a position belongs to the segment of the packet before.
 */
export const assignPackets = (
  stream: SegmentStream,
  packets: readonly Packet[],
): readonly SegmentFrames[] => {
  let end = stream.initialization?.bytes ?? 0;
  const ends = listStreamSegments(stream).map(({ id, bytes }) => {
    end += bytes;
    return { id, end, pts: new Set<number>() };
  });
  let current = ends[0];
  for (const { pts_time, pos } of packets) {
    if (pos !== undefined) current = ends.find((segment) => pos < segment.end) ?? ends.at(-1);
    if (pts_time !== undefined) current?.pts.add(pts_time);
  }
  return ends.map(({ id, pts }) => ({ id, pts: [...pts].sort((a, b) => a - b) }));
};

/** A frame that ffmpeg's filter `metadata=print` printed. */
export interface PrintedFrame {
  readonly pts: number;
  readonly sceneScore: number;
}

/**
 * Filters that print each frame that they pass on to a file, for `parsePrintedFrames`. Times are whole microseconds: the
 * seconds that ffmpeg prints have six significant digits, too few after hours.
 */
export const buildPrintFilters = (file: string): readonly string[] => [
  "settb=AVTB",
  `metadata=print:file=${file}`,
];

/** Parses what `buildPrintFilters` wrote, frame by frame. */
export const parsePrintedFrames = (text: string): readonly PrintedFrame[] => {
  const frames: PrintedFrame[] = [];
  let pts: number | undefined;
  for (const line of text.split("\n")) {
    const microseconds = /^frame:\s*\d+\s+pts:\s*(-?\d+)\s/.exec(line)?.[1];
    if (microseconds !== undefined) pts = Number(microseconds) / 1e6;
    const score = /^lavfi\.scene_score=(\S+)/.exec(line)?.[1];
    if (score !== undefined && pts !== undefined) frames.push({ pts, sceneScore: Number(score) });
  }
  return frames;
};

/** Seconds: half of a frame at 240 Hz. */
export const frameTimeTolerance = 1 / 480;

/** Whether two timestamps, in seconds, are of one frame. */
export const isSameTime = (first: number, second: number): boolean =>
  Math.abs(first - second) < frameTimeTolerance;

/** Index of the frame with a timestamp; undefined if no frame has it. */
export const findFrameIndex = (pts: readonly number[], time: number): number | undefined => {
  const index = pts.findIndex((one) => isSameTime(one, time));
  return index < 0 ? undefined : index;
};
