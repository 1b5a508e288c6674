import type { FrameReference } from "./segment.ts";

/** When a clip is requested again, and why it was not made. */
export interface ClipRetry {
  /** Requests that have failed. */
  readonly failures: number;
  /** Epoch seconds. */
  readonly notBefore: number;
  /** Of the last failure. */
  readonly reason: string;
  /** Whether the last failure may pass by itself. */
  readonly isTransient: boolean;
}

/** Where an appearance begins or ends. */
export const edges = ["start", "end"] as const;
export type Edge = (typeof edges)[number];

/** A period in which a channel shows a label. */
export interface Appearance {
  /** The first frame that the label was found in, and the label: the same for each observation of one appearance. */
  readonly id: string;
  readonly channel: string;
  readonly label: string;
  readonly status: "open" | "closed";
  /** The first frame with the label. */
  readonly start: FrameReference;
  /** The first frame without it; absent while the appearance is open. */
  readonly end?: FrameReference;
  /**
   * The edges that are not exact to the frame, because frames beside them could not be decoded or detected, or were not
   * searched: the label may be shown before `start`, or after `end`. Absent if both are exact.
   */
  readonly inexactEdges?: readonly Edge[];
  /** Highest confidence of its detections, percent. */
  readonly confidence: number;
  /** Object key of a frame of it, JPEG. */
  readonly imageKey?: string;
  /** Id of the clip's job. */
  readonly clipJobId?: string;
  /** What became of the clip without a job: another system makes it (`accepted`), or why it cannot be made. */
  readonly clip?: { readonly kind: "accepted" } | { readonly kind: "refused"; readonly reason: string };
  /** Set after a request for its clip that failed, until one succeeds. */
  readonly clipRetry?: ClipRetry;
  /** Id of the appearance that this one became a part of. */
  readonly mergedInto?: string;
}

/** Whether a clip of an appearance is still to be requested. */
export const needsClip = ({ status, end, clipJobId, clip, mergedInto }: Appearance): boolean =>
  status === "closed" &&
  end !== undefined &&
  clipJobId === undefined &&
  clip === undefined &&
  mergedInto === undefined;
