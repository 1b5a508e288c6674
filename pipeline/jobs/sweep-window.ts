import type { ObjectSummary } from "../ports/object-store.ts";

/** Which versions a sweep looks at, by age in seconds. */
export const sweepWindowSeconds = {
  /** Younger ones are left to their events. */
  min: 5 * 60,
  /** A version that was replaced is claimed only while somebody may still wait for it. */
  maxNoncurrent: 24 * 3600,
  /** Far less than a job's record lives (180 days), so that an old upload is never taken for a new one. */
  maxCurrent: 30 * 86_400,
} as const;

/** True if a sweep looks at a version. */
export const isWithinSweepWindow = (version: ObjectSummary, now: Date): boolean => {
  const ageSeconds = (now.getTime() - Date.parse(version.modifiedAt)) / 1000;
  return (
    ageSeconds >= sweepWindowSeconds.min &&
    ageSeconds <= (version.isLatest ? sweepWindowSeconds.maxCurrent : sweepWindowSeconds.maxNoncurrent)
  );
};
