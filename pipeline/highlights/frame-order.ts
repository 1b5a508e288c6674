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

/** The frame after a frame, or the end of the segment. @param segment the archived one; undefined if it has expired */
export const getNextFrame = (
  segment: ArchivedSegment | undefined,
  { segmentId, frame, time }: FrameReference,
): FrameReference => {
  const seconds = segment?.frameTimes[frame + 1];
  if (segment !== undefined && seconds === undefined) return getSegmentEnd(segment);
  return {
    segmentId,
    frame: frame + 1,
    time: segment === undefined || seconds === undefined ? time : segment.startTime + seconds,
  };
};
