/** A frame for the detector: where a scene begins, or some time after the candidate before. */
export interface CandidateFrame {
  /** Index in `frameTimes`. */
  readonly frame: number;
  /** Difference from the frame before, 0–1. */
  readonly sceneScore: number;
  /** Perceptual hash of the image, 16 hexadecimal digits. */
  readonly hash: string;
}

/** A segment of a channel in the archive. Its video frames are numbered from 0. */
export interface ArchivedSegment {
  readonly channel: string;
  /**
   * Identifies the segment in its channel and orders it: `RUN-SEQUENCE`, both zero-padded. The run counts restarts of the
   * channel's media sequence.
   */
  readonly id: string;
  /**
   * Number of the timeline. Timestamps continue from a segment to the next one of the same timeline. A discontinuity, a
   * restart, or missing segments begin another timeline.
   */
  readonly timeline: number;
  /** Whether frames are missing before it, so that what the channel showed before has ended. */
  readonly isInterrupted: boolean;
  /** Epoch seconds of the first video frame. */
  readonly startTime: number;
  readonly durationSeconds: number;
  /** Object of the segment: MPEG-TS, or fragments that follow the initialization section. */
  readonly key: string;
  readonly bytes: number;
  /** Object of the initialization section of fragmented MP4; absent for MPEG-TS. */
  readonly initialization?: { readonly key: string; readonly bytes: number };
  /** Presentation times of the video frames, seconds from `startTime`, ascending. */
  readonly frameTimes: readonly number[];
  /** Ascending. */
  readonly candidates: readonly CandidateFrame[];
}

/** One frame of an archived segment. */
export interface FrameReference {
  readonly segmentId: string;
  /** Index in `frameTimes`. */
  readonly frame: number;
  /** Epoch seconds. */
  readonly time: number;
}
