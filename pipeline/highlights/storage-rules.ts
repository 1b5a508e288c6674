import { StoreFailure } from "../ports/store-failure.ts";
import {
  maxSegmentCandidates,
  maxSegmentFrames,
  maxSegmentSeconds,
  maxStateBytes,
} from "./appearance-store.ts";
import type { ArchivedSegment, FrameReference } from "./segment.ts";

const roundToMillionth = (value: number): number => Math.round(value * 1e6) / 1e6;

/**
 * Rounds the frame times of a segment to the microsecond and its scene scores to a millionth, as they are stored.
 *
 * @throws StoreFailure `invalid` if the segment is longer than `maxSegmentSeconds`, or has too many frames or candidates
 */
export const normalizeSegment = (segment: ArchivedSegment): ArchivedSegment => {
  const { channel, id, durationSeconds, frameTimes, candidates } = segment;
  if (!(durationSeconds <= maxSegmentSeconds))
    throw new StoreFailure(
      "invalid",
      `Segment ${id} of channel ${channel} lasts ${durationSeconds} s; the limit is ${maxSegmentSeconds} s. Use a stream with shorter segments.`,
    );
  if (frameTimes.length > maxSegmentFrames || candidates.length > maxSegmentCandidates)
    throw new StoreFailure(
      "invalid",
      `Segment ${id} of channel ${channel} has ${frameTimes.length} frames and ${candidates.length} candidates; the limits are ${maxSegmentFrames} and ${maxSegmentCandidates}. Use a stream with shorter segments.`,
    );
  return {
    ...segment,
    frameTimes: frameTimes.map(roundToMillionth),
    candidates: candidates.map(({ frame, sceneScore, hash }) => ({
      frame,
      sceneScore: roundToMillionth(sceneScore),
      hash,
    })),
  };
};

/**
 * Converts a channel's state to JSON.
 *
 * @throws StoreFailure `invalid` if it has more than `maxStateBytes`
 */
export const serializeState = (channel: string, state: unknown): string => {
  const text = JSON.stringify(state ?? null);
  const bytes = Buffer.byteLength(text);
  if (bytes > maxStateBytes)
    throw new StoreFailure(
      "invalid",
      `The state of channel ${channel} has ${bytes} bytes; the limit is ${maxStateBytes}. List fewer labels in listLabels.`,
    );
  return text;
};

/** True if a segment overlaps a period, whose end is not included. */
export const isInTimeRange = (
  { startTime, durationSeconds }: Pick<ArchivedSegment, "startTime" | "durationSeconds">,
  { fromTime, toTime }: { readonly fromTime: number; readonly toTime: number },
): boolean => startTime < toTime && startTime + durationSeconds > fromTime;

/** Identifies a frame in its channel, and orders frames: `SEGMENT/FRAME`. */
export const formatFrameId = ({ segmentId, frame }: Pick<FrameReference, "segmentId" | "frame">): string =>
  `${segmentId}/${String(frame).padStart(6, "0")}`;

/** The day and the hour of a time, in UTC. @param at epoch seconds */
export const computeUsagePeriods = (at: number) => {
  const time = new Date(at * 1000).toISOString();
  return {
    /** `2026-11-21` */
    day: time.slice(0, 10),
    /** Hour of the day, `00` to `23`. */
    hour: time.slice(11, 13),
  };
};
