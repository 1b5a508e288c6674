import type { ChannelSettings } from "../configuration/channels-schema.ts";
import { formatError } from "../errors/errors.ts";
import type { ChannelStatus } from "./appearance-store.ts";
import { archiveSegment, type CopiedSegment } from "./archive-segments.ts";
import { FetchFailure } from "./channel-fetcher.ts";
import { type ChannelLease, LeaseLostError, takeLease } from "./channel-lease.ts";
import { describePlaylist, describeUndetected } from "./channel-status.ts";
import { DecryptionFailure } from "./decrypt-segment.ts";
import { type FollowedSegment, followPlaylist, type PlaylistEvent } from "./playlist/follow-playlist.ts";
import { PlaylistError } from "./playlist/playlist-error.ts";
import type { PlaylistPosition } from "./playlist/position.ts";
import { closeAppearances, processSegment } from "./process-segment.ts";
import { createPlaylistReader } from "./read-playlist.ts";
import { buildArchivedSegment, scanSegments } from "./scan-segments.ts";
import type { WatchedChannel, WatchPorts } from "./watch-ports.ts";
import { initialWatcherState, type WatcherState } from "./watcher-state.ts";

export interface WatchOptions {
  /** Identifies this run. */
  readonly ownerId: string;
  /** Prefix of the archive's object keys; empty or ending in `/`. */
  readonly archivePrefix: string;
  /** When the run ends, epoch milliseconds. */
  readonly deadlineMs: number;
  /** Whether the first playlist is taken whole, for recordings. */
  readonly fromStart?: boolean;
  /** Waits until the next poll. Resolves early when the signal is aborted. */
  readonly wait: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  readonly signal?: AbortSignal;
}
/**
 * How a run ended. `held`: another watcher has had the channel until the deadline. `lost`: another watcher has taken it.
 * `deadline`: the channel goes on.
 */
export type WatchOutcome = "held" | "paused" | "lost" | "ended" | "deadline";

/** Runs overlap: a schedule invokes them at any second of a minute. The later one waits for the channel. */
const leasePollMs = 1000;
/** Segments that are decoded in one stream. More would delay the detections of the first. */
const maxBatch = 4;

/** Events after which frames are missing, so that what the channel showed before has ended. */
const interruptingEvents: ReadonlySet<PlaylistEvent["type"]> = new Set([
  "restarted",
  "switched",
  "missing",
  "gap",
  "clock-jumped",
]);

const isWatcherState = (value: unknown): value is WatcherState =>
  typeof value === "object" && value !== null && "labels" in value && "cuts" in value;

/**
 * Watches a channel until a deadline: archives each new segment once, detects its candidates, and begins and ends
 * appearances. The state is saved after each segment, in one write that fails without the lease: a crash repeats one
 * segment, and each step of it can be repeated.
 *
 * @throws StoreFailure, JobFailure that is not about the media
 */
export const watchChannel = async (
  ports: WatchPorts,
  channel: ChannelSettings,
  options: WatchOptions,
): Promise<WatchOutcome> => {
  const { store, clock, log } = ports;
  const { ownerId, archivePrefix, deadlineMs, signal } = options;
  const takeFreeLease = async (): Promise<ChannelLease | undefined> => {
    for (;;) {
      const free = await takeLease(store, clock, channel.name, ownerId);
      if (free !== undefined || clock.now().getTime() + leasePollMs >= deadlineMs) return free;
      await options.wait(leasePollMs, signal);
      signal?.throwIfAborted();
    }
  };
  const lease = await takeFreeLease();
  if (lease === undefined) return "held";
  const watched: WatchedChannel = { channel, lease, archivePrefix };
  const nowMs = (): number => clock.now().getTime();

  const run = async (): Promise<WatchOutcome> => {
    const record = await store.readChannel(channel.name);
    if (record.paused) return "paused";
    let state = isWatcherState(record.state) ? record.state : initialWatcherState;
    let status: ChannelStatus = record.status ?? { name: "watching", message: "" };
    const playlists = createPlaylistReader(ports.fetcher, channel.manifestUrl);

    /** Saves a state. @throws LeaseLostError */
    const save = async (next: WatcherState, change: Partial<ChannelStatus>): Promise<void> => {
      state = next;
      status = { ...status, ...change };
      if (!(await store.saveState(lease.current, state, status))) throw new LeaseLostError(channel.name);
    };

    /** Archives segments in order; stops at the first that cannot be read. */
    const copySegments = async (
      segments: readonly FollowedSegment[],
    ): Promise<{ readonly copied: readonly CopiedSegment[]; readonly failure?: unknown }> => {
      const copied: CopiedSegment[] = [];
      for (const segment of segments)
        try {
          copied.push(await archiveSegment(ports.archive, watched, segment, signal));
        } catch (cause) {
          if (!(cause instanceof FetchFailure || cause instanceof DecryptionFailure)) throw cause;
          return { copied, failure: cause };
        }
      return { copied };
    };

    /**
     * Processes segments of one timeline up to the first that cannot be read.
     *
     * @returns how many are done with: one that can never be read counts, and one that may be read later does not
     */
    const processBatch = async (
      batch: readonly FollowedSegment[],
      isInterrupted: boolean,
    ): Promise<number> => {
      if (isInterrupted) state = await closeAppearances(ports, watched, state, signal);
      const { copied, failure } = await copySegments(batch);
      let previous =
        state.lastSegmentId === undefined
          ? undefined
          : await store.readSegment(channel.name, state.lastSegmentId);
      const scanned = await scanSegments(ports, channel, copied, previous, signal);
      for (const [index, copy] of copied.entries()) {
        const found = scanned[index];
        if (found === undefined) continue;
        const { segment } = await store.putSegment(buildArchivedSegment(channel.name, copy, found, previous));
        const { state: processed, undetected } = await processSegment(
          ports,
          watched,
          state,
          { segment, previous, candidates: found.candidates },
          signal,
        );
        previous = segment;
        const problem = describeUndetected(undetected) ?? { name: "watching", message: "" };
        const next = { ...processed, position: copy.followed.position };
        await save(next, { ...problem, lastSegmentAt: segment.startTime, lastPolledAt: nowMs() / 1000 });
      }
      if (failure === undefined) return batch.length;
      const lost = batch[copied.length];
      log.warn("A segment cannot be read", { channel: channel.name, segment: lost?.id, error: failure });
      if (failure instanceof FetchFailure && failure.retryable) return copied.length;
      // It is not asked for again. What follows it is another timeline for what was shown.
      const closed = await closeAppearances(ports, watched, state, signal);
      const { lastSegmentId: _, ...rest } = closed;
      await save(
        { ...rest, ...(lost === undefined ? {} : { position: lost.position }) },
        { name: "error", message: `A segment was skipped: ${formatError(failure)}` },
      );
      return copied.length + 1;
    };

    for (;;) {
      let targetDurationSeconds = 2;
      try {
        const { playlist, variant } = await playlists.read(signal);
        targetDurationSeconds = playlist.targetDurationSeconds;
        const { segments, position, events } = followPlaylist(state.position, playlist, nowMs(), {
          ...(variant === undefined ? {} : { variant }),
          ...(options.fromStart === undefined ? {} : { fromStart: options.fromStart }),
        });
        for (const event of events) log.info("Channel", { channel: channel.name, ...event });
        const isInterrupted = events.some(({ type }) => interruptingEvents.has(type));
        const pending = [...segments];
        while (pending.length > 0) {
          const timeline = pending[0]?.timeline;
          const end = pending.findIndex((segment) => segment.timeline !== timeline);
          const batch = pending.slice(0, Math.min(maxBatch, end < 0 ? pending.length : end));
          const count = await processBatch(batch, isInterrupted && batch[0]?.isTimelineStart === true);
          pending.splice(0, count);
          // The playlist is read again, with the position of the last segment that is done with.
          if (count === 0) break;
          if (nowMs() >= deadlineMs && pending.length > 0) return "deadline";
          await lease.keep();
        }
        if (pending.length === 0) {
          const isEnded = position.isEnded;
          if (isEnded && state.position?.isEnded !== true)
            state = await closeAppearances(ports, watched, state, signal);
          const name = isEnded ? "ended" : position.isStalled ? "stalled" : undefined;
          if (hasProgressed(state.position, position) || name !== undefined)
            await save(
              { ...state, position },
              {
                lastPolledAt: nowMs() / 1000,
                ...(name === undefined ? {} : { name, message: describePlaylist(name, position) }),
              },
            );
          if (isEnded) return "ended";
        }
      } catch (cause) {
        signal?.throwIfAborted();
        if (!(cause instanceof FetchFailure || cause instanceof PlaylistError)) throw cause;
        log.warn("The playlist cannot be read", { channel: channel.name, error: cause });
        await save(state, { name: "error", message: formatError(cause), lastPolledAt: nowMs() / 1000 });
      }
      const waitMs = Math.max(500, targetDurationSeconds * 500);
      if (nowMs() + waitMs >= deadlineMs) return "deadline";
      await options.wait(waitMs, signal);
      signal?.throwIfAborted();
      await lease.keep();
    }
  };

  try {
    return await run();
  } catch (cause) {
    if (cause instanceof LeaseLostError) return "lost";
    throw cause;
  } finally {
    await store.releaseLease(lease.current).catch((cause: unknown) => {
      log.warn("The lease of a channel was not released; it expires", {
        channel: channel.name,
        error: cause,
      });
    });
  }
};

const hasProgressed = (before: PlaylistPosition | undefined, after: PlaylistPosition): boolean =>
  JSON.stringify(before) !== JSON.stringify(after);
