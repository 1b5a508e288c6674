import type { ObjectSummary } from "../ports/object-store.ts";

/**
 * Time since the upload in which a sweep claims an object version without a job, seconds. An upload whose event is lost
 * and which no sweep reads in this time gets no job.
 */
export const sweepWindowSeconds = {
  /** Younger versions are claimed by their events. */
  min: 5 * 60,
  /** For a version that has been replaced, whose outputs soon nobody expects any more. */
  maxNoncurrent: 24 * 3600,
  /** For the current version. Far less than the retention of job records (180 days), so that an old upload never counts as new. */
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
