import type { CandidateFrame } from "./segment.ts";

/** An object of the archive. */
export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
}
export interface StoredSegment extends StoredObject {
  readonly id: string;
}

/** Consecutive segments of one timeline, which a program reads as one stream. */
export interface SegmentStream {
  /** The initialization section of fragmented MP4; absent for MPEG-TS. */
  readonly initialization?: StoredObject;
  /**
   * The segment before the first one. Its frames are decoded and not returned: the first frames of a segment can refer to
   * it, and a scene change is a difference from the frame before.
   */
  readonly previous?: StoredSegment;
  /** At least one, in order. */
  readonly segments: readonly StoredSegment[];
}

/** A frame for the detector, with its image. */
export interface Candidate extends CandidateFrame {
  /** JPEG; absent if the images of the scan are larger than the memory for them. */
  readonly image?: Uint8Array;
}
export interface ScannedSegment {
  readonly id: string;
  /** Seconds from the first frame of the segment before to that of this one; absent for the first of a timeline. */
  readonly secondsAfterPrevious?: number;
  /** Presentation times of its video frames, seconds from the first one, ascending. Empty without video. */
  readonly frameTimes: readonly number[];
  readonly candidates: readonly Candidate[];
}

/** Which frames go to the detector; see `buildCandidateSelect`. */
export interface CandidateOptions {
  readonly sceneThreshold: number;
  readonly maxGapSeconds: number;
}

/**
 * Decodes archived segments. Methods reject with `JobFailure`: code 4000 to 4999 if the media are damaged, else retryable.
 */
export interface FrameReader {
  /** Reads the frames' times and the candidates. They depend on the segments and `previous` alone. */
  scan(
    stream: SegmentStream,
    options: CandidateOptions,
    signal?: AbortSignal,
  ): Promise<readonly ScannedSegment[]>;
  /**
   * Reads frames of the stream's only segment as JPEG.
   *
   * @param frames indexes in the segment's frames, ascending
   * @returns as many images; undefined for a frame that cannot be decoded
   */
  readFrames(
    stream: SegmentStream,
    frames: readonly number[],
    signal?: AbortSignal,
  ): Promise<readonly (Uint8Array | undefined)[]>;
  /**
   * Measures the gray levels of an image (JPEG), for `isSameView`.
   *
   * @returns 64 levels of 0–255, row by row, each two hexadecimal digits
   */
  measureGrayLevels(image: Uint8Array): Promise<string>;
}
