import { createFingerprint, hasTime, isSameSegment, readTimeMs } from "./fingerprint.ts";
import type { MediaPlaylist, MediaSegment } from "./playlist.ts";
import { maxRenames, type PlaylistPosition, type SegmentHistory } from "./position.ts";

/**
 * How the window of a playlist relates to a position. `firstIndex`: the first new segment, or the number of segments.
 * `isCurrent`: whether the window ends with the position's segment, and so is not outdated.
 * `isPreviousRun`: whether the window is one of the run before.
 */
export type WindowLocation =
  | {
      readonly kind: "unchanged";
      readonly isCurrent: boolean;
      readonly isPreviousRun?: boolean;
      readonly lowerWindowEnd?: number;
    }
  | { readonly kind: "continued"; readonly firstIndex: number; readonly missing: number }
  | { readonly kind: "restarted"; readonly firstIndex: number; readonly isRename: boolean }
  | { readonly kind: "switched"; readonly firstIndex: number }
  | { readonly kind: "started"; readonly firstIndex: number };

/** What players keep between themselves and the end of a live playlist (RFC 8216, 6.3.3). */
const targetDurationsAtStart = 3;
/** Caches do not lag longer. */
const maxLagSeconds = 60;

/** How long a live playlist may have no new segment, in milliseconds. */
export const computeStallLimitMs = ({
  targetDurationSeconds,
}: Pick<MediaPlaylist, "targetDurationSeconds">): number => Math.max(10_000, 3000 * targetDurationSeconds);

const sumSeconds = (segments: readonly MediaSegment[]): number =>
  segments.reduce((total, { durationSeconds }) => total + durationSeconds, 0);

/** Finds the first segment of the shortest end of the window that has at least `seconds`. */
const findFirstOfLast = (segments: readonly MediaSegment[], seconds: number): number => {
  let index = segments.length;
  let total = 0;
  while (index > 0 && total < seconds) {
    index -= 1;
    total += segments[index]?.durationSeconds ?? 0;
  }
  return index;
};

interface Evidence {
  readonly isSame: boolean;
  readonly isDifferent: boolean;
  /** Whether no time was compared. */
  readonly isByName: boolean;
}
/** Compares the segments that a window has in common with a history, by media sequence number. */
const compareWindow = (
  history: SegmentHistory | undefined,
  playlist: MediaPlaylist,
  ignoresNames: boolean,
): Evidence => {
  const { segments, targetDurationSeconds, url } = playlist;
  const results: boolean[] = [];
  let isByName = true;
  for (const [index, known] of (history?.recent ?? []).entries()) {
    if (history === undefined || known === "") continue;
    const mediaSequence = history.mediaSequence - history.recent.length + 1 + index;
    const segment = segments[mediaSequence - playlist.mediaSequence];
    if (segment === undefined) continue;
    const current = createFingerprint(segment, url);
    const isSame = isSameSegment(known, current, { targetDurationSeconds, ignoresNames });
    if (isSame === undefined) continue;
    results.push(isSame);
    if (hasTime(known) && hasTime(current)) isByName = false;
  }
  return { isSame: results.includes(true), isDifferent: results.includes(false), isByName };
};

/** Finds where to go on in another variant: by time if both have one, else after what was published in the meantime. */
const locateInVariant = (
  position: PlaylistPosition,
  { segments }: MediaPlaylist,
  elapsedSeconds: number,
): number => {
  const lastTime = readTimeMs(position.history?.recent.at(-1) ?? "");
  const times = segments.map(({ programDateTime }) => programDateTime?.epochMs);
  const lastStart = times.at(-1);
  const isComparable =
    lastTime !== undefined &&
    lastStart !== undefined &&
    times.every((time) => time !== undefined) &&
    Math.abs(lastStart - position.endMs) <= (elapsedSeconds + sumSeconds(segments) + maxLagSeconds) * 1000;
  if (!isComparable) return findFirstOfLast(segments, elapsedSeconds);
  const index = segments.findIndex(
    ({ programDateTime, durationSeconds }) =>
      programDateTime !== undefined && programDateTime.epochMs + durationSeconds * 500 >= position.endMs,
  );
  return index === -1 ? segments.length : index;
};

/** Whether a live channel can have published the missing segments since the last new one. */
const isPlausibleJump = (missing: number, { segments }: MediaPlaylist, elapsedSeconds: number): boolean => {
  const windowSeconds = sumSeconds(segments);
  const averageSeconds = Math.max(windowSeconds / segments.length, 0.1);
  return missing * averageSeconds <= 2 * elapsedSeconds + windowSeconds + maxLagSeconds;
};

/**
 * Locates the window of a playlist. Segments are recognized by media sequence number together with program date-time,
 * else with name. A window of known segments that ends before the position is outdated; one of other segments is a
 * restart. One without comparable segments far below the position is a restart once it grows, ends, or has later times.
 *
 * @param playlist with at least one segment
 */
export const locateWindow = (
  position: PlaylistPosition,
  playlist: MediaPlaylist,
  nowMs: number,
  options: { readonly variant?: string; readonly fromStart?: boolean },
): WindowLocation => {
  const { segments, targetDurationSeconds, mediaSequence: first } = playlist;
  const { history, previousHistory, previousEnd = -1 } = position;
  const elapsedSeconds = Math.max(0, nowMs - position.changedMs) / 1000;
  const startSeconds = targetDurationsAtStart * targetDurationSeconds;
  if (history === undefined)
    return {
      kind: "started",
      firstIndex: options.fromStart === true ? 0 : findFirstOfLast(segments, startSeconds),
    };
  if (options.variant !== position.variant)
    return { kind: "switched", firstIndex: locateInVariant(position, playlist, elapsedSeconds) };

  const last = history.mediaSequence;
  const end = first + segments.length - 1;
  /** What the new run can have published since the last segment of the old one. */
  const restart = (afterMediaSequence = -1, isRename = false): WindowLocation => ({
    kind: "restarted",
    firstIndex: Math.max(
      findFirstOfLast(segments, elapsedSeconds + startSeconds),
      Math.min(afterMediaSequence + 1 - first, segments.length),
    ),
    isRename,
  });
  const proceed = (): WindowLocation =>
    end > last
      ? {
          kind: "continued",
          firstIndex: Math.max(0, last + 1 - first),
          missing: Math.max(0, first - last - 1),
        }
      : { kind: "unchanged", isCurrent: end === last };

  const ignoresNames = position.renames >= maxRenames;
  const evidence = compareWindow(history, playlist, ignoresNames);
  if (evidence.isSame) return proceed();
  const hasStalled = nowMs - position.changedMs > computeStallLimitMs(playlist);
  if (compareWindow(previousHistory, playlist, ignoresNames).isSame)
    // Of two servers in turn one is followed, as long as it has new segments.
    return hasStalled && end > previousEnd
      ? restart(previousEnd)
      : { kind: "unchanged", isCurrent: false, isPreviousRun: true };
  if (evidence.isDifferent) return restart(-1, evidence.isByName && first <= last + 1 && end >= last);
  if (first > last)
    return isPlausibleJump(first - last - 1, playlist, elapsedSeconds) ? proceed() : restart();
  if (end > last) return proceed();

  const lastTime = readTimeMs(history.recent.at(-1) ?? "");
  const endTime = segments.at(-1)?.programDateTime?.epochMs;
  if (lastTime !== undefined && endTime !== undefined && endTime > lastTime + 1000 * targetDurationSeconds)
    return restart();
  if (playlist.isEnded) return restart();
  const lagSeconds = ((last - end) * sumSeconds(segments)) / segments.length;
  const { lowerWindowEnd } = position;
  const isGrowing = lowerWindowEnd !== undefined && end > lowerWindowEnd;
  // Known segments begin with a whole window, also after missing ones: what is below lags by more than a window.
  const knownAtEnd = history.recent.length - 1 - history.recent.lastIndexOf("");
  const isBelowHistory = end <= last - knownAtEnd;
  if (isGrowing && (isBelowHistory || hasStalled || lagSeconds > maxLagSeconds)) return restart();
  return { kind: "unchanged", isCurrent: false, lowerWindowEnd: Math.min(lowerWindowEnd ?? end, end) };
};
