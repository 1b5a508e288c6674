import type { ArchivedSegment, FrameReference } from "./segment.ts";

/** What `createRecordingTime` needs of a segment. */
export type TimedSegment = Pick<ArchivedSegment, "id" | "timeline" | "startTime" | "durationSeconds">;

/** Converts times of a recorded channel, whose clock may jump, to seconds from the start of the recording. */
export interface RecordingTime {
  /** Seconds of the segments so far. */
  readonly durationSeconds: number;
  /** Adds the next segment. A known segment changes nothing. */
  add(segment: TimedSegment): void;
  /**
   * The position of a frame, or of the end of a segment.
   *
   * @throws RangeError if its segment was not added
   */
  locateFrame(frame: Pick<FrameReference, "segmentId" | "time">): number;
  /**
   * The position of a time on the channel's clock (epoch seconds), in the newest segment that begins at or before it.
   * Before all segments: counted back from the first one.
   */
  locateTime(epochSeconds: number): number;
}

interface PlacedSegment extends TimedSegment {
  /** Seconds from the start of the recording. */
  readonly position: number;
}

/** A time of one of the two clocks may be rounded. Far less than the duration of a frame. */
const toleranceSeconds = 0.0005;

/**
 * Creates the time of a recording. Within a timeline, the channel's clock counts; from a timeline to the next one, segments
 * follow each other without a gap, as a player shows them.
 */
export const createRecordingTime = (): RecordingTime => {
  const placed = new Map<string, PlacedSegment>();
  let last: PlacedSegment | undefined;
  return {
    get durationSeconds() {
      return last === undefined ? 0 : last.position + last.durationSeconds;
    },
    add(segment) {
      if (placed.has(segment.id)) return;
      const isContinued = last !== undefined && last.timeline === segment.timeline;
      const position =
        last === undefined
          ? 0
          : last.position + (isContinued ? segment.startTime - last.startTime : last.durationSeconds);
      last = { ...segment, position };
      placed.set(segment.id, last);
    },
    locateFrame({ segmentId, time }) {
      const segment = placed.get(segmentId);
      if (segment === undefined) throw new RangeError(`Segment ${segmentId} is not in the recording`);
      return segment.position + time - segment.startTime;
    },
    locateTime(epochSeconds) {
      const segments = [...placed.values()];
      const segment =
        segments.findLast(({ startTime }) => startTime <= epochSeconds + toleranceSeconds) ?? segments[0];
      return segment === undefined ? 0 : segment.position + epochSeconds - segment.startTime;
    },
  };
};
