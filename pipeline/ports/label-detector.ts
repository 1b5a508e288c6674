/** A rectangle in a frame. All values are fractions of the frame's width or height, from 0 to 1. */
export interface BoundingBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}
export interface DetectedLabel {
  /** As the detector spells it, e.g. `Person`. */
  readonly name: string;
  /** Percent. */
  readonly confidence: number;
  /** Where the frame shows it; empty if the detector locates no instances. */
  readonly boxes: readonly BoundingBox[];
}
export interface DetectedCelebrity {
  /** Identifies the person at the detector. */
  readonly id: string;
  readonly name: string;
  /** Percent. */
  readonly confidence: number;
  /** Pages about the person. */
  readonly urls: readonly string[];
}
/** What a detector found in one frame. */
export interface Detection {
  /** By confidence, highest first. */
  readonly labels: readonly DetectedLabel[];
  /** By confidence, highest first. */
  readonly celebrities: readonly DetectedCelebrity[];
  /**
   * Why celebrities were requested and not recognized. The labels are complete and paid: a caller that repeats the
   * request pays for them again.
   */
  readonly celebritiesFailure?: { readonly kind: DetectionFailureKind; readonly message: string };
}
export interface DetectionRequest {
  /** JPEG, at most 5 MB. */
  readonly image: Uint8Array;
  /** Seconds of the frame on the channel's clock: epoch seconds, or seconds from the start of a recording. */
  readonly timeSeconds: number;
  /** Percent. Labels, their boxes and celebrities below are not returned. */
  readonly minConfidence: number;
  /** Whether celebrities are recognized too; a detector without this ability returns none. */
  readonly celebrities: boolean;
  /** Whether labels are found. @default true */
  readonly labels?: boolean;
}

/** Name of a detector in the configuration. */
export const detectorNames = ["rekognition", "human", "recorded"] as const;
export type DetectorName = (typeof detectorNames)[number];

export const detectionFailureKinds = ["throttled", "transient", "image", "denied", "unavailable"] as const;
/**
 * Why a call of a detector failed. `throttled` and `transient` can pass; `image` is an image that the detector refuses;
 * `denied` and `unavailable` need an operator.
 */
export type DetectionFailureKind = (typeof detectionFailureKinds)[number];

/** A call of a detector failed. It costs nothing, unless its response was lost (`mayBeBilled`). */
export class DetectionFailure extends Error {
  readonly kind: DetectionFailureKind;
  /** Whether the detector may have processed the request and billed it: no response arrived. */
  readonly mayBeBilled: boolean;
  /** Whether a repeated request can succeed and is not paid twice. */
  readonly retryable: boolean;

  constructor(
    kind: DetectionFailureKind,
    message: string,
    { cause, mayBeBilled = false }: { readonly cause?: unknown; readonly mayBeBilled?: boolean } = {},
  ) {
    super(message, { cause });
    this.name = "DetectionFailure";
    this.kind = kind;
    this.mayBeBilled = mayBeBilled;
    this.retryable = (kind === "throttled" || kind === "transient") && !mayBeBilled;
  }
}

/** Finds labels and celebrities in a frame. */
export interface LabelDetector {
  readonly name: DetectorName;
  /**
   * Rejects with `DetectionFailure`, or with the signal's reason once it is aborted. A request that is aborted while the
   * detector works on it may be billed.
   */
  detect(request: DetectionRequest, signal?: AbortSignal): Promise<Detection>;
  /** Price of a request, US dollars. */
  computeUsd(request: Pick<DetectionRequest, "celebrities" | "labels">): number;
}
