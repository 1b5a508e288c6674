import { formatError } from "../errors/errors.ts";
import { maxSegmentSeconds } from "./appearance-store.ts";
import { archiveSegment, type CopiedSegment } from "./archive-segments.ts";
import type { CandidateImages } from "./candidate-images.ts";
import { FetchFailure } from "./channel-fetcher.ts";
import { type ChannelProblem, replaceProblem } from "./channel-status.ts";
import { DecryptionFailure } from "./decrypt-segment.ts";
import type { FollowedSegment } from "./playlist/follow-playlist.ts";
import { skipSegment } from "./playlist/position.ts";
import { buildArchivedSegment, type SegmentScan, scanSegments } from "./scan-segments.ts";
import type { ArchivedSegment } from "./segment.ts";
import type { WatchedChannel, WatchPorts } from "./watch-ports.ts";
import type { SegmentAttempts, WatcherState } from "./watcher-state.ts";

/** Segments that are decoded in one stream, and their duration. More would delay the detections of the first. */
const maxBatchSegments = 4;
const maxBatchSeconds = 60;
/** Times that decoding a segment may end a run before it finishes. Then the segment is archived without frames. */
const maxScans = 3;
/** How long a segment may be unreadable before it is skipped. */
const maxUnreadableMs = 60_000;

export interface BatchOptions {
  /** After it, no other segment is begun. Epoch milliseconds. */
  readonly deadlineMs: number;
  /** Keeps the images of the candidates for the detection. */
  readonly images: Pick<CandidateImages, "add">;
  /** Saves a state before something is begun that may end the process. */
  readonly save: (state: WatcherState) => Promise<void>;
  readonly signal?: AbortSignal;
}
/** What became of a batch. */
export interface ArchivedBatch {
  /** To save. Its archive position is after the last segment that is done with. */
  readonly state: WatcherState;
  /** The last segment that was archived. */
  readonly last?: ArchivedSegment;
  /** Whether the next segment cannot be read now. */
  readonly isBlocked: boolean;
}

/** A segment that cannot be archived, now or at all. */
interface UnreadableSegment {
  readonly followed: FollowedSegment;
  readonly reason: string;
  readonly isPermanent: boolean;
}
interface CopiedBatch {
  readonly copied: readonly CopiedSegment[];
  readonly unreadable?: UnreadableSegment;
}

/** Takes the segments that are decoded together: of one timeline, without a gap. At least one. */
const selectBatch = (segments: readonly FollowedSegment[]): readonly FollowedSegment[] => {
  let seconds = 0;
  const end = segments.findIndex(({ isTimelineStart, durationSeconds }, index) => {
    seconds += durationSeconds;
    return index > 0 && (index >= maxBatchSegments || isTimelineStart || seconds > maxBatchSeconds);
  });
  return end < 0 ? segments : segments.slice(0, end);
};

/**
 * Copies segments in order, up to the first that cannot be read. One that an earlier run has copied is alone in its
 * batch: that run may have ended because it decoded too much at once.
 */
const copySegments = async (
  { archive, clock }: Pick<WatchPorts, "archive" | "clock">,
  watched: WatchedChannel,
  batch: readonly FollowedSegment[],
  { deadlineMs, signal }: BatchOptions,
): Promise<CopiedBatch> => {
  const copied: CopiedSegment[] = [];
  for (const followed of batch) {
    if (copied.length > 0 && clock.now().getTime() >= deadlineMs) break;
    await watched.lease.keep();
    if (followed.durationSeconds > maxSegmentSeconds) {
      const reason = `It lasts ${followed.durationSeconds} s, more than ${maxSegmentSeconds} s. Use a stream with shorter segments.`;
      return { copied, unreadable: { followed, reason, isPermanent: true } };
    }
    try {
      const copy = await watched.lease.hold(
        (held) => archiveSegment(archive, watched, followed, held),
        signal,
      );
      if (!copy.isNew && copied.length > 0) break;
      copied.push(copy);
      if (!copy.isNew) break;
    } catch (cause) {
      if (!(cause instanceof FetchFailure || cause instanceof DecryptionFailure)) throw cause;
      const isPermanent = !(cause instanceof FetchFailure && cause.retryable);
      return { copied, unreadable: { followed, reason: formatError(cause), isPermanent } };
    }
  }
  return { copied };
};

/** Counts an attempt at a segment that an earlier run has begun; undefined for a new one. */
const countScan = ({ attempts }: WatcherState, { id, isNew }: CopiedSegment): SegmentAttempts | undefined =>
  isNew ? undefined : { segmentId: id, scans: attempts?.segmentId === id ? attempts.scans + 1 : 1 };

/** Decodes copied segments and stores their records. */
const storeSegments = async (
  ports: WatchPorts,
  watched: WatchedChannel,
  initialState: WatcherState,
  copied: readonly CopiedSegment[],
  { images, save, signal }: BatchOptions,
): Promise<Pick<ArchivedBatch, "state" | "last">> => {
  const { channel, lease } = watched;
  const [first] = copied;
  if (first === undefined) return { state: initialState };
  let state = initialState;
  let previous =
    state.lastSegmentId === undefined
      ? undefined
      : await ports.store.readSegment(channel.name, state.lastSegmentId);
  const attempts = countScan(state, first);
  const hasReachedLimit = attempts !== undefined && attempts.scans > maxScans;
  if (attempts !== undefined && !hasReachedLimit) await save({ ...state, attempts });
  const { scanned, failure }: SegmentScan = hasReachedLimit
    ? {
        scanned: [{ id: first.id, frameTimes: [], candidates: [] }],
        failure: new Error(`decoding ${first.id} did not finish ${maxScans} times`),
      }
    : await lease.hold((held) => scanSegments(ports, channel, copied, previous, held), signal);
  const problem: ChannelProblem | undefined =
    failure === undefined
      ? undefined
      : { name: "error", message: `A segment was archived without its frames: ${failure.message}` };
  for (const [index, copy] of copied.entries()) {
    const found = scanned[index];
    if (found === undefined) continue;
    await lease.keep();
    const { segment } = await ports.store.putSegment(
      buildArchivedSegment(channel.name, copy, found, previous),
    );
    images.add(segment.id, found.candidates);
    previous = segment;
    const { attempts: _, ...rest } = state;
    state = {
      ...rest,
      position: copy.followed.position,
      lastSegmentId: segment.id,
      problems: replaceProblem(state.problems, "archive", problem),
    };
  }
  return { state, ...(previous === undefined ? {} : { last: previous }) };
};

/**
 * The archive position of a watcher: copies the next segments, decodes them in one stream, and stores their records with
 * the candidates. A segment that can never be read is skipped, and so is one that cannot be read for a minute. All of it
 * can be repeated after a crash: what is stored stays as it is.
 *
 * @param segments the new segments of a playlist, at least one
 * @throws StoreFailure, JobFailure that is not about the media, LeaseLostError
 */
export const archiveBatch = async (
  ports: WatchPorts,
  watched: WatchedChannel,
  initialState: WatcherState,
  segments: readonly FollowedSegment[],
  options: BatchOptions,
): Promise<ArchivedBatch> => {
  const { copied, unreadable } = await copySegments(ports, watched, selectBatch(segments), options);
  const { state, ...stored } = await storeSegments(ports, watched, initialState, copied, options);
  if (unreadable === undefined) return { state, ...stored, isBlocked: false };
  const { followed, reason, isPermanent } = unreadable;
  ports.log.warn("A segment cannot be read", {
    channel: watched.channel.name,
    segment: followed.id,
    error: reason,
  });
  const nowMs = ports.clock.now().getTime();
  const attempts = state.attempts?.segmentId === followed.id ? state.attempts : undefined;
  const unreadableSinceMs = attempts?.unreadableSinceMs ?? nowMs;
  if (!isPermanent && nowMs - unreadableSinceMs < maxUnreadableMs)
    return {
      state: {
        ...state,
        attempts: { segmentId: followed.id, scans: attempts?.scans ?? 0, unreadableSinceMs },
      },
      ...stored,
      isBlocked: true,
    };
  const { attempts: _, ...rest } = state;
  return {
    state: {
      ...rest,
      // It is not asked for again.
      position: skipSegment(followed.position),
      problems: replaceProblem(state.problems, "archive", {
        name: "error",
        message: `Segment ${followed.id} was skipped: ${reason}`,
      }),
    },
    ...stored,
    isBlocked: false,
  };
};
