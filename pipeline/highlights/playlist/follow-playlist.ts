import { createFingerprint, hashName } from "./fingerprint.ts";
import { computeStallLimitMs, locateWindow, type WindowLocation } from "./locate-window.ts";
import type { MediaPlaylist, MediaSegment } from "./playlist.ts";
import {
  beginRun,
  createPosition,
  extendHistory,
  maxRecent,
  maxRenames,
  type PlaylistPosition,
  type SegmentHistory,
} from "./position.ts";

/** A segment to process. */
export interface FollowedSegment extends MediaSegment {
  /** `RUN-SEQUENCE`, zero-padded: ascending in the order of processing, never used twice. */
  readonly id: string;
  /** Number of its timeline. Ascending. */
  readonly timeline: number;
  /** Whether no segment of its timeline precedes it. */
  readonly isTimelineStart: boolean;
  /**
   * Whether frames are missing before it: segments, or a part of the clock. At a discontinuity alone, the channel goes
   * on.
   */
  readonly isInterrupted: boolean;
  /** Epoch milliseconds, with a fraction. Ascending within a timeline, and only there. */
  readonly startTimeMs: number;
  /** The position to store once this segment is processed. */
  readonly position: PlaylistPosition;
}
/** What happened to a channel between two playlists. */
export type PlaylistEvent =
  /** The media sequence began again, or jumped. `run`: number of the new run. */
  | { readonly type: "restarted"; readonly run: number }
  /** Another variant is followed. */
  | { readonly type: "switched"; readonly run: number }
  /** Segments left the window before they were seen. */
  | { readonly type: "missing"; readonly count: number }
  /** The server has no content for segments. */
  | { readonly type: "gap"; readonly count: number }
  /** Program date-time jumped without a discontinuity. Negative: backwards. */
  | { readonly type: "clock-jumped"; readonly jumpMs: number }
  /** No new segment since `sinceMs`, epoch milliseconds. */
  | { readonly type: "stalled"; readonly sinceMs: number }
  /** The same for so long that what the channel showed has ended. */
  | { readonly type: "stopped"; readonly sinceMs: number }
  | { readonly type: "resumed"; readonly stalledMs: number }
  | { readonly type: "ended" };

export interface FollowedPlaylist {
  /** In the order of processing. */
  readonly segments: readonly FollowedSegment[];
  /** To store once all segments are processed, or if there are none. */
  readonly position: PlaylistPosition;
  readonly events: readonly PlaylistEvent[];
}

/** Milliseconds by which an explicit program date-time may differ from the durations before it: drift. */
const maxDriftMs = 1000;
/** Milliseconds by which a time by arrival may precede what was assigned before: the delay of a poll. */
const maxArrivalDelayMs = 60_000;
/** Milliseconds without a new segment after which a channel has stopped. Delivery alone may pause for less. */
const minStopMs = 60_000;

const roundMs = (ms: number): number => Math.round(ms * 1000) / 1000;

const formatId = (run: number, mediaSequence: number): string =>
  `${String(run).padStart(8, "0")}-${String(mediaSequence).padStart(16, "0")}`;

/** Computes when a segment starts if the window ends now. Not before what was assigned, unless that is far ahead. */
const computeArrivalMs = (
  position: PlaylistPosition,
  segments: readonly MediaSegment[],
  firstIndex: number,
  nowMs: number,
): number => {
  const seconds = segments
    .slice(firstIndex)
    .reduce((total, { durationSeconds }) => total + durationSeconds, 0);
  const arrivalMs = nowMs - seconds * 1000;
  const isLate = position.timeline > 0 && position.endMs - arrivalMs <= maxArrivalDelayMs;
  return isLate ? Math.max(position.endMs, arrivalMs) : arrivalMs;
};

/** Adds the segments of a window that follow a history. */
const addSegments = (
  history: SegmentHistory | undefined,
  { segments, url }: Pick<MediaPlaylist, "segments" | "url">,
): SegmentHistory | undefined =>
  segments
    .slice(-maxRecent)
    .filter(({ mediaSequence }) => mediaSequence > (history?.mediaSequence ?? -1))
    .reduce<SegmentHistory | undefined>(
      (all, segment) => extendHistory(all, segment.mediaSequence, createFingerprint(segment, url)),
      history,
    );

/** Prepares a position for the new segments: another run, an interruption, and the segments that are skipped. */
const enterWindow = (
  position: PlaylistPosition,
  playlist: MediaPlaylist,
  location: Exclude<WindowLocation, { readonly kind: "unchanged" }>,
  nowMs: number,
): PlaylistPosition => {
  const { segments, url } = playlist;
  const { firstIndex } = location;
  const before = segments[firstIndex - 1];
  const { lowerWindowEnd: _, ...known } = position;
  const counted =
    before === undefined ? known : { ...known, discontinuitySequence: before.discontinuitySequence };
  const endMs = computeArrivalMs(position, segments, firstIndex, nowMs);
  if (location.kind === "continued" && location.missing === 0) {
    // A channel with a clock tells it. Without one, segments that fill the time were delayed, and fewer were not made.
    const hasGap = segments[firstIndex]?.programDateTime === undefined && endMs - position.endMs > maxDriftMs;
    return position.isStopped && hasGap ? { ...counted, isInterrupted: true, endMs } : counted;
  }
  if (location.kind === "continued") return { ...counted, isInterrupted: true, endMs };
  const begun = location.kind === "started" ? counted : beginRun(counted);
  // The skipped segments are known: an outdated cache may return them as its newest.
  const history = addSegments(undefined, { segments: segments.slice(0, firstIndex), url });
  return { ...begun, endMs, ...(history === undefined ? {} : { history }) };
};

/** Assigns timeline and time to the next segment. */
const placeSegment = (
  position: PlaylistPosition,
  segment: MediaSegment,
  playlistUrl: string,
): {
  readonly isTimelineStart: boolean;
  readonly isInterrupted: boolean;
  readonly position: PlaylistPosition;
  readonly jumpMs?: number;
} => {
  const { programDateTime, initializationSection, durationSeconds, mediaSequence } = segment;
  const initializationHash =
    initializationSection &&
    hashName(initializationSection.url, initializationSection.byteRange, playlistUrl);
  const isDeclaredStart =
    position.isInterrupted ||
    segment.isDiscontinuity ||
    segment.discontinuitySequence !== position.discontinuitySequence ||
    initializationHash !== position.initializationSection;
  const driftMs = programDateTime?.isExplicit ? programDateTime.epochMs - position.endMs : 0;
  const minDriftMs = -Math.min(maxDriftMs, (position.endMs - position.startMs) / 2);
  const hasJumped = !isDeclaredStart && (driftMs > maxDriftMs || driftMs < minDriftMs);
  const isTimelineStart = isDeclaredStart || hasJumped;
  const startMs = roundMs(
    isTimelineStart ? (programDateTime?.epochMs ?? position.endMs) : position.endMs + driftMs,
  );
  const { initializationSection: _, ...rest } = position;
  return {
    isTimelineStart,
    isInterrupted: position.isInterrupted || hasJumped,
    ...(hasJumped ? { jumpMs: Math.round(driftMs) } : {}),
    position: {
      ...rest,
      history: extendHistory(position.history, mediaSequence, createFingerprint(segment, playlistUrl)),
      discontinuitySequence: segment.discontinuitySequence,
      ...(initializationHash === undefined ? {} : { initializationSection: initializationHash }),
      timeline: position.timeline + (isTimelineStart ? 1 : 0),
      isInterrupted: false,
      startMs,
      endMs: roundMs(startMs + durationSeconds * 1000),
    },
  };
};

/** Passes over a segment without content: time goes on, timestamps do not. */
const skipGap = (
  position: PlaylistPosition,
  segment: MediaSegment,
  playlistUrl: string,
): PlaylistPosition => ({
  ...position,
  history: extendHistory(position.history, segment.mediaSequence, createFingerprint(segment, playlistUrl)),
  discontinuitySequence: segment.discontinuitySequence,
  isInterrupted: true,
  endMs: roundMs((segment.programDateTime?.epochMs ?? position.endMs) + segment.durationSeconds * 1000),
});

interface ClosedPoll {
  readonly position: PlaylistPosition;
  readonly events: readonly PlaylistEvent[];
}

/**
 * Notices that a channel has had no new segment for a long time. For a playlist that cannot be read, call it instead of
 * `followPlaylist`.
 *
 * @param playlist absent if it cannot be read
 */
export const followSilence = (
  position: PlaylistPosition,
  nowMs: number,
  playlist: Pick<MediaPlaylist, "targetDurationSeconds"> = { targetDurationSeconds: 0 },
): ClosedPoll => {
  if (position.isEnded) return { position, events: [] };
  const sinceMs = position.changedMs;
  const isStalled = position.isStalled || nowMs - sinceMs > computeStallLimitMs(playlist);
  const isStopped =
    position.isStopped || nowMs - sinceMs > Math.max(minStopMs, 2 * computeStallLimitMs(playlist));
  return {
    position: { ...position, isStalled, isStopped },
    events: [
      ...(isStalled && !position.isStalled ? [{ type: "stalled", sinceMs } as const] : []),
      ...(isStopped && !position.isStopped ? [{ type: "stopped", sinceMs } as const] : []),
    ],
  };
};

/** Notices that a playlist has stalled, stopped or ended. */
const closePoll = (
  position: PlaylistPosition,
  playlist: MediaPlaylist,
  isCurrent: boolean,
  nowMs: number,
): ClosedPoll => {
  if (isCurrent && playlist.isEnded)
    return position.isEnded
      ? { position, events: [] }
      : {
          position: { ...position, isEnded: true, isStalled: false, isStopped: false },
          events: [{ type: "ended" }],
        };
  return followSilence(position, nowMs, playlist);
};

/** Lists what a location says about the channel. */
const describeLocation = (location: WindowLocation, { run }: PlaylistPosition): readonly PlaylistEvent[] => {
  if (location.kind === "restarted" || location.kind === "switched") return [{ type: location.kind, run }];
  return location.kind === "continued" && location.missing > 0
    ? [{ type: "missing", count: location.missing }]
    : [];
};

/** Counts consecutive restarts by name. Recognized names end them. */
const countRenames = ({ renames }: PlaylistPosition, location: WindowLocation): number => {
  if (location.kind === "restarted") return location.isRename ? renames + 1 : renames;
  return location.kind === "continued" && renames < maxRenames ? 0 : renames;
};

/**
 * Finds the segments of a live playlist that are new since a position, in order and each once. The first playlist of a
 * channel begins three target durations before its end, as players do.
 *
 * Time: a timeline begins at its program date-time, also if that is wrong or before other timelines; without one, where
 * the timeline before ended; at the start, after missing segments, and after the channel had stopped, so that the window
 * ends now. Within a timeline
 * durations add up, corrected at each tag by up to a second; a greater difference begins another timeline. So ids give
 * the order of segments, and times only that within a timeline.
 *
 * @param position undefined for a channel that was never read
 * @param options `variant`: names the variant (`identifyVariant`); another one than before begins a run.
 *   `fromStart`: whether the first playlist is taken whole, for recordings
 */
export const followPlaylist = (
  position: PlaylistPosition | undefined,
  playlist: MediaPlaylist,
  nowMs: number,
  options: { readonly variant?: string; readonly fromStart?: boolean } = {},
): FollowedPlaylist => {
  const known = position ?? createPosition(nowMs);
  const location: WindowLocation =
    playlist.segments.length === 0
      ? { kind: "unchanged", isCurrent: true }
      : locateWindow(known, playlist, nowMs, options);
  if (location.kind === "unchanged") {
    const { previousHistory } = known;
    // A cache may return the known run after the first playlist of a restart: that one counts until the run goes on.
    const { lowerWindowEnd = known.lowerWindowEnd, isCurrent } = location;
    const seenHistory = location.isPreviousRun ? addSegments(previousHistory, playlist) : previousHistory;
    const unchanged: PlaylistPosition = {
      ...known,
      ...(seenHistory === undefined ? {} : { previousHistory: seenHistory }),
      ...(lowerWindowEnd === undefined ? {} : { lowerWindowEnd }),
    };
    return { segments: [], ...closePoll(unchanged, playlist, isCurrent, nowMs) };
  }

  const { variant: _, ...window } = enterWindow(known, playlist, location, nowMs);
  const entered: PlaylistPosition = {
    ...window,
    ...(options.variant === undefined ? {} : { variant: options.variant }),
    changedMs: nowMs,
    renames: countRenames(known, location),
    isStalled: false,
    isStopped: false,
    isEnded: false,
  };
  const events: PlaylistEvent[] = [
    ...(known.isStalled ? [{ type: "resumed", stalledMs: nowMs - known.changedMs } as const] : []),
    ...describeLocation(location, entered),
  ];
  const segments: FollowedSegment[] = [];
  let current = entered;
  let gaps = 0;
  for (const segment of playlist.segments.slice(location.firstIndex)) {
    if (segment.isGap) {
      current = skipGap(current, segment, playlist.url);
      gaps += 1;
      continue;
    }
    const placed = placeSegment(current, segment, playlist.url);
    current = placed.position;
    if (placed.jumpMs !== undefined) events.push({ type: "clock-jumped", jumpMs: placed.jumpMs });
    segments.push({
      ...segment,
      id: formatId(current.run, segment.mediaSequence),
      timeline: current.timeline,
      isTimelineStart: placed.isTimelineStart,
      isInterrupted: placed.isInterrupted,
      startTimeMs: current.startMs,
      position: current,
    });
  }
  if (gaps > 0) events.push({ type: "gap", count: gaps });
  const closed = closePoll(current, playlist, true, nowMs);
  return { segments, position: closed.position, events: [...events, ...closed.events] };
};
