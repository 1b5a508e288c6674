import type { DetectedLabel, DetectionFailureKind } from "../../pipeline/ports/label-detector.ts";

/** A request of the detector to its process. */
export interface HumanRequest {
  readonly id: number;
  /** JPEG. */
  readonly image: Uint8Array;
  /** Percent. */
  readonly minConfidence: number;
}

/** The response of the process to a request. */
export type HumanResponse =
  | { readonly id: number; readonly labels: readonly DetectedLabel[] }
  | {
      readonly id: number;
      readonly failure: { readonly kind: DetectionFailureKind; readonly message: string };
    };
