import { isNearDuplicate } from "./candidate.ts";
import { isSameView } from "./gray-levels.ts";
import type { ShownLabel } from "./shown-labels.ts";

/** What a detected frame showed. JSON. */
export interface RecentDetection {
  /** Perceptual hash, 16 hexadecimal digits. */
  readonly hash: string;
  /** Gray levels; absent if its image cannot be read again. */
  readonly grayLevels?: string;
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

const isFresh = (detection: RecentDetection, time: number): boolean =>
  Math.abs(time - detection.time) <= maxReuseSeconds;

/** Lists the detections of a view, the one shown last first. @param time of a frame that shows the view, epoch seconds */
export const listSameViews = (
  detections: readonly RecentDetection[],
  grayLevels: string,
  time: number,
): readonly RecentDetection[] =>
  detections
    .filter(
      (detection) =>
        isFresh(detection, time) &&
        detection.grayLevels !== undefined &&
        isSameView(detection.grayLevels, grayLevels),
    )
    .toReversed();

/**
 * Finds the detection of a frame that looks the same. For the one shown last, similar hashes are enough: a scene goes on.
 * For others, the whole view must be the same: of several frames, one can have a similar hash by chance.
 *
 * @param detections the one shown last at the end
 * @param time of the frame, epoch seconds
 * @param readGrayLevels reads those of the frame, if they are needed; undefined if it cannot be read
 */
export const findSimilarDetection = async (
  detections: readonly RecentDetection[],
  hash: string,
  time: number,
  readGrayLevels: () => Promise<string | undefined>,
): Promise<RecentDetection | undefined> => {
  const similar = detections.filter(
    (detection) => isFresh(detection, time) && isNearDuplicate(detection.hash, hash),
  );
  const last = detections.at(-1);
  if (similar.length === 0 || (last !== undefined && similar.includes(last))) return similar.at(-1);
  const grayLevels = await readGrayLevels();
  return grayLevels === undefined ? undefined : listSameViews(similar, grayLevels, time)[0];
};

/** Adds the detection of the frame shown last, or moves it to the end, and drops the one that was shown first. */
export const rememberDetection = (
  detections: readonly RecentDetection[],
  detection: RecentDetection,
): readonly RecentDetection[] =>
  [...detections.filter((other) => other !== detection), detection].slice(-maxRecentDetections);
