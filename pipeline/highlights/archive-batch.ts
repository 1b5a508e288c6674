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
import { isTransientFailure } from "./transient-failure.ts";
import type { WatchedChannel, WatchPorts } from "./watch-ports.ts";
import type { SegmentAttempts, WatcherState } from "./watcher-state.ts";

/** Segments that are decoded in one stream, and their duration. More would delay the detections of the first. */
const maxBatchSegments = 4;
const maxBatchSeconds = 60;
/** Times that decoding a segment may end a run before it finishes. Then the segment is archived without frames. */
const maxScans = 3;
/** How long a segment may fail before it is skipped, or archived without frames. */
const maxFailingMs = 60_000;

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
  /** `blocked`: the next segment cannot be read now. `skipped`: it never can, and what follows begins a timeline. */
  readonly end: "archived" | "blocked" | "skipped";
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

const getAttempts = ({ attempts }: WatcherState, segmentId: string): SegmentAttempts =>
  attempts?.segmentId === segmentId ? attempts : { segmentId, scans: 0 };

/**
 * Decodes copied segments. One that ends run after run, or fails for a minute, is given up: it has no frames.
 *
 * @param previous the archived segment before
 */
const scanBatch = async (
  ports: WatchPorts,
  { channel, lease }: WatchedChannel,
  state: WatcherState,
  copied: readonly [CopiedSegment, ...CopiedSegment[]],
  previous: ArchivedSegment | undefined,
  { save, signal }: BatchOptions,
): Promise<SegmentScan> => {
  const [{ id, isNew }] = copied;
  const attempts = getAttempts(state, id);
  const nowMs = ports.clock.now().getTime();
  const buildEmptyScan = (reason: string): SegmentScan => ({
    scanned: [{ id, frameTimes: [], candidates: [] }],
    failure: new Error(`decoding ${id} ${reason}`),
  });
  if (attempts.scans >= maxScans) return buildEmptyScan(`did not finish ${maxScans} times`);
  if (!isNew) await save({ ...state, attempts: { ...attempts, scans: attempts.scans + 1 } });
  let scan: SegmentScan;
  try {
    scan = await lease.hold((held) => scanSegments(ports, channel, copied, previous, held), signal);
  } catch (cause) {
    if (!isTransientFailure(cause)) throw cause;
    const { failingSinceMs = nowMs } = attempts;
    if (!isNew && nowMs - failingSinceMs >= maxFailingMs) return buildEmptyScan(`failed: ${cause.message}`);
    // The run goes on, so that the attempt does not count.
    await save({ ...state, attempts: { ...attempts, failingSinceMs } });
    throw cause;
  }
  // What fails from here on is not due to the segment.
  if (!isNew) await save({ ...state, attempts });
  return scan;
};

/** Decodes copied segments and stores their records. */
const storeSegments = async (
  ports: WatchPorts,
  watched: WatchedChannel,
  initialState: WatcherState,
  copied: readonly CopiedSegment[],
  options: BatchOptions,
): Promise<Pick<ArchivedBatch, "state" | "last">> => {
  const { store } = ports;
  const { channel, lease } = watched;
  const [first, ...others] = copied;
  if (first === undefined) return { state: initialState };
  let state = initialState;
  let previous =
    state.lastSegmentId === undefined
      ? undefined
      : await store.readSegment(channel.name, state.lastSegmentId);
  const { scanned, failure } = await scanBatch(ports, watched, state, [first, ...others], previous, options);
  const problem: ChannelProblem | undefined =
    failure === undefined
      ? undefined
      : { name: "error", message: `A segment was archived without its frames: ${failure.message}` };
  for (const [index, copy] of copied.entries()) {
    const found = scanned[index];
    if (found === undefined) continue;
    await lease.keep();
    const { segment } = await store.putSegment(buildArchivedSegment(channel.name, copy, found, previous));
    options.images.add(segment.id, found.candidates);
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
  if (unreadable === undefined) return { state, ...stored, end: "archived" };
  const { followed, reason, isPermanent } = unreadable;
  ports.log.warn("A segment cannot be read", {
    channel: watched.channel.name,
    segment: followed.id,
    error: reason,
  });
  const nowMs = ports.clock.now().getTime();
  const attempts = getAttempts(state, followed.id);
  const { failingSinceMs = nowMs } = attempts;
  if (!isPermanent && nowMs - failingSinceMs < maxFailingMs)
    return {
      state: { ...state, attempts: { ...attempts, failingSinceMs } },
      ...stored,
      end: "blocked",
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
    end: "skipped",
  };
};
