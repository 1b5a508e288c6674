import { countDetails, isNearDuplicate } from "./candidate.ts";
import type { ShownLabel } from "./shown-labels.ts";

/** What a detected frame showed. JSON. */
export interface RecentDetection {
  /** Perceptual hash, 16 hexadecimal digits. */
  readonly hash: string;
  /** Of the frame, epoch seconds. */
  readonly time: number;
  readonly labels: readonly ShownLabel[];
  /** Whether celebrities were requested and not recognized. */
  readonly areCelebritiesUnknown?: true;
}

/** A program changes between few views at a time. The state of a channel has room for them (`maxStateBytes`). */
const maxRecentDetections = 8;
/**
 * Seconds for which a detection stands for frames that look the same. Small objects do not change a hash, so that a still
 * picture is detected again from time to time.
 */
export const maxReuseSeconds = 60;
/** Frames with fewer bits, such as dark ones, look alike whatever they show. */
const minDistinctiveDetails = 8;

/**
 * Finds the latest detection of a frame that looks the same. One before the last detection counts only if its hash is
 * distinctive.
 *
 * @param time of the frame, epoch seconds
 */
export const findSimilarDetection = (
  detections: readonly RecentDetection[],
  hash: string,
  time: number,
): RecentDetection | undefined => {
  const isDistinctive = countDetails(hash) >= minDistinctiveDetails;
  return detections.findLast(
    (detection, index) =>
      Math.abs(time - detection.time) <= maxReuseSeconds &&
      (isDistinctive || index === detections.length - 1) &&
      isNearDuplicate(detection.hash, hash),
  );
};

/** Adds the last detection, and drops the oldest. */
export const rememberDetection = (
  detections: readonly RecentDetection[],
  detection: RecentDetection,
): readonly RecentDetection[] => [...detections, detection].slice(-maxRecentDetections);
