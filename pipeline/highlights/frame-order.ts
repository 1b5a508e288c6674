import type { ArchivedSegment, FrameReference } from "./segment.ts";

const compareIds = (first: string, second: string): number => (first < second ? -1 : first > second ? 1 : 0);

/** Orders frames of a channel as they were shown. Negative if the first one is earlier. */
export const compareFrames = (first: FrameReference, second: FrameReference): number =>
  compareIds(first.segmentId, second.segmentId) || first.frame - second.frame;

/** The end of a segment: a frame after its last one, which does not exist. It ends what is open before a gap. */
export const getSegmentEnd = ({
  id,
  startTime,
  durationSeconds,
  frameTimes,
}: Pick<ArchivedSegment, "id" | "startTime" | "durationSeconds" | "frameTimes">): FrameReference => ({
  segmentId: id,
  frame: frameTimes.length,
  time: startTime + durationSeconds,
});
