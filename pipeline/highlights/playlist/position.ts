import type { Fingerprint } from "./fingerprint.ts";

/** The newest segments of a run. */
export interface SegmentHistory {
  /** Of the last segment. */
  readonly mediaSequence: number;
  /** Of consecutive media sequence numbers, the last segment's at the end; empty text where a segment was missing. */
  readonly recent: readonly Fingerprint[];
}
/** How far a channel has been followed: plain JSON, at most 4 KB. */
export interface PlaylistPosition {
  /** The variant that is followed, as the caller names it. */
  readonly variant?: string;
  /** Number of restarts of the media sequence, from 0. */
  readonly run: number;
  /** Absent while the run has no segment. */
  readonly history?: SegmentHistory;
  /** Of the run before, whose playlist an outdated cache or another server may still return. */
  readonly previousHistory?: SegmentHistory;
  /** Media sequence number of the last segment of the run before that was processed. */
  readonly previousEnd?: number;
  /** Of the last segment, as the latest playlist counts. */
  readonly discontinuitySequence: number;
  /** Hash of the last segment's initialization section. */
  readonly initializationSection?: string;
  /** From 1; 0 before the first segment. */
  readonly timeline: number;
  /** Whether segments are missing before the next one, which begins a timeline, whatever its playlist says. */
  readonly isInterrupted: boolean;
  /** Epoch milliseconds of the last segment. */
  readonly startMs: number;
  /** Epoch milliseconds at which the next segment starts, as far as durations tell. */
  readonly endMs: number;
  /** When the playlist last had a new segment, epoch milliseconds. */
  readonly changedMs: number;
  /** Last media sequence number of a window that is far below the position: an outdated cache, or a restart. */
  readonly lowerWindowEnd?: number;
  /** Consecutive restarts that names alone suggest. */
  readonly renames: number;
  readonly isStalled: boolean;
  /** Whether it has been without a new segment for so long that what it showed has ended. */
  readonly isStopped: boolean;
  readonly isEnded: boolean;
}

/** Segments that a history remembers. */
export const maxRecent = 64;
const maxRecentOfPreviousRun = 32;
/** Consecutive restarts by name alone, after which names are taken to differ with each request. */
export const maxRenames = 3;

/** Adds a segment to a history, after its last one. */
export const extendHistory = (
  history: SegmentHistory | undefined,
  mediaSequence: number,
  fingerprint: Fingerprint,
): SegmentHistory => {
  if (history === undefined) return { mediaSequence, recent: [fingerprint] };
  const missing = Math.min(mediaSequence - history.mediaSequence - 1, maxRecent);
  const recent = [...history.recent, ...Array<Fingerprint>(missing).fill(""), fingerprint];
  return { mediaSequence, recent: recent.slice(-maxRecent) };
};

/** The position after a segment that is skipped: what follows begins a timeline. */
export const skipSegment = (position: PlaylistPosition): PlaylistPosition => ({
  ...position,
  isInterrupted: true,
});

/** Begins another run: the next segment begins a timeline. */
export const beginRun = (position: PlaylistPosition): PlaylistPosition => {
  const { history, lowerWindowEnd: _, ...rest } = position;
  return {
    ...rest,
    run: position.run + 1,
    isInterrupted: true,
    ...(history === undefined
      ? {}
      : {
          previousHistory: { ...history, recent: history.recent.slice(-maxRecentOfPreviousRun) },
          previousEnd: history.mediaSequence,
        }),
  };
};

export const createPosition = (nowMs: number): PlaylistPosition => ({
  run: 0,
  discontinuitySequence: 0,
  timeline: 0,
  isInterrupted: true,
  startMs: nowMs,
  endMs: nowMs,
  changedMs: nowMs,
  renames: 0,
  isStalled: false,
  isStopped: false,
  isEnded: false,
});
