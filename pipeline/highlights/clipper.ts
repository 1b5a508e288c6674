import type { ArchivedSegment } from "./segment.ts";

/** What to clip. */
export interface ClipRequest {
  readonly channel: string;
  /** Identifies the clip in its channel: that of the appearance, or of a time range. Letters, digits, `-` and `_`. */
  readonly clipId: string;
  /** Label of the appearance; absent for a time range. */
  readonly label?: string;
  /** In order, without gaps, from the segment of the start to that of the end. */
  readonly segments: readonly ArchivedSegment[];
  /** Epoch seconds of the first frame of the clip. */
  readonly startTime: number;
  /** Epoch seconds of the first frame that does not belong to the clip. */
  readonly endTime: number;
  /** `frame`: exact. `keyframe`: from the keyframe at or before the start, not encoded. */
  readonly cut: "frame" | "keyframe";
}

/** Result of a request for a clip. */
export type ClipResult =
  /** A job makes the clip: a new one, or that of an earlier call. */
  | { readonly kind: "created" | "duplicate"; readonly jobId: string }
  /** Another system makes the clip. */
  | { readonly kind: "accepted" }
  /** A limit is reached. Call again at or after `notBefore`, ISO 8601. */
  | { readonly kind: "deferred"; readonly notBefore: string; readonly reason: string }
  /** The clip cannot be made, now or later. */
  | { readonly kind: "refused"; readonly reason: string };

/** Makes clips of a channel. */
export interface Clipper {
  /**
   * Can be repeated: a request with the same id, times and cut makes one clip.
   *
   * @throws StoreFailure if a repetition may succeed; the signal's reason if it is aborted
   */
  createClip(request: ClipRequest, signal?: AbortSignal): Promise<ClipResult>;
}
