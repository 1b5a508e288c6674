import type { ObjectSummary } from "../ports/object-store.ts";

/** Age of the object versions that a sweep checks. */
export const sweepWindowSeconds = {
  /** Younger versions are claimed by their events. */
  min: 5 * 60,
  /** Replaced versions are claimed only while a user may still expect their outputs. */
  maxNoncurrent: 24 * 3600,
  /** Far less than the retention of job records (180 days), so that an old upload never counts as new. */
  maxCurrent: 30 * 86_400,
} as const;

/** True if a sweep checks a version. */
export const isWithinSweepWindow = (version: ObjectSummary, now: Date): boolean => {
  const ageSeconds = (now.getTime() - Date.parse(version.modifiedAt)) / 1000;
  return (
    ageSeconds >= sweepWindowSeconds.min &&
    ageSeconds <= (version.isLatest ? sweepWindowSeconds.maxCurrent : sweepWindowSeconds.maxNoncurrent)
  );
};
