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
  readonly celebrities: readonly DetectedCelebrity[];
}
export interface DetectionRequest {
  /** JPEG, at most 5 MB. */
  readonly image: Uint8Array;
  /** Seconds of the frame on the channel's clock: epoch seconds, or seconds from the start of a recording. */
  readonly timeSeconds: number;
  /** Percent. Labels below are not returned. */
  readonly minConfidence: number;
  /** Whether celebrities are recognized too; a detector without this ability returns none. */
  readonly celebrities: boolean;
}

/** Name of a detector in the configuration. */
export const detectorNames = ["rekognition", "human", "recorded"] as const;
export type DetectorName = (typeof detectorNames)[number];

/**
 * A call of a detector failed, and costs nothing. `kind`: `throttled` and `transient` can be repeated later; `image`
 * is an image that the detector refuses; `denied` and `unavailable` need an operator.
 */
export class DetectionFailure extends Error {
  readonly kind: "throttled" | "transient" | "image" | "denied" | "unavailable";
  readonly retryable: boolean;

  constructor(kind: DetectionFailure["kind"], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "DetectionFailure";
    this.kind = kind;
    this.retryable = kind === "throttled" || kind === "transient";
  }
}

/** Finds labels and celebrities in a frame. `detect` rejects with `DetectionFailure`. */
export interface LabelDetector {
  readonly name: DetectorName;
  detect(request: DetectionRequest, signal?: AbortSignal): Promise<Detection>;
  /** Price of a request, US dollars. */
  computeUsd(request: Pick<DetectionRequest, "celebrities">): number;
}
