import type { ChannelSettings } from "../configuration/channels-schema.ts";
import { formatError } from "../errors/errors.ts";
import { isActive } from "./active-hours.ts";
import { archiveBatch } from "./archive-batch.ts";
import { type CandidateImages, createCandidateImages } from "./candidate-images.ts";
import { FetchFailure } from "./channel-fetcher.ts";
import { type ChannelLease, LeaseLostError, takeLease } from "./channel-lease.ts";
import { describePosition, replaceProblem } from "./channel-status.ts";
import { endAppearancesUnsearched, isShowing } from "./close-appearances.ts";
import { detectSegments, hasPendingDetections } from "./detect-segments.ts";
import { removeExpiredCap } from "./detection-status.ts";
import { getSegmentEnd } from "./frame-order.ts";
import { type FollowedSegment, followPlaylist, followSilence } from "./playlist/follow-playlist.ts";
import { PlaylistError } from "./playlist/playlist-error.ts";
import type { PlaylistPosition } from "./playlist/position.ts";
import { type ChannelPlaylist, createPlaylistReader, type PlaylistReader } from "./read-playlist.ts";
import { openSavedState, type SavedState } from "./saved-state.ts";
import { sweepAppearances } from "./sweep-appearances.ts";
import { isTransientFailure } from "./transient-failure.ts";
import type { WatchedChannel, WatchPorts } from "./watch-ports.ts";
import type { WatcherState } from "./watcher-state.ts";

export interface WatchOptions {
  /** Identifies this run. */
  readonly ownerId: string;
  /** Prefix of the archive's object keys; empty or ending in `/`. */
  readonly archivePrefix: string;
  /** When the run ends, epoch milliseconds. */
  readonly deadlineMs: number;
  /** Whether the first playlist is taken whole, for recordings. */
  readonly fromStart?: boolean;
  /** Archived seconds that are searched once a detector works again. @default 3600 */
  readonly maxBacklogSeconds?: number;
  /** Milliseconds after which a detector that failed is tried again. Each call counts against the caps. @default 30_000 */
  readonly detectionRetryMs?: number;
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
/** Polls are half a target duration apart (RFC 8216, 6.3.4); this one's, if the playlist cannot be read. */
const defaultTargetDurationSeconds = 2;
const minPollMs = 500;
const computePollMs = (targetDurationSeconds: number): number =>
  Math.max(minPollMs, targetDurationSeconds * 500);
/** How often the time of the last poll is saved if nothing else changes. */
const statusIntervalMs = 15_000;

const defaultMaxBacklogSeconds = 3600;
const defaultDetectionRetryMs = 30_000;
/** How often a run looks whether its channel is paused. */
const pauseIntervalMs = 10_000;

/** One run of a watcher, which holds its channel. */
interface WatchRun {
  readonly ports: WatchPorts;
  readonly watched: WatchedChannel;
  readonly options: WatchOptions;
  readonly playlists: PlaylistReader;
  readonly images: CandidateImages;
  readonly saved: SavedState;
  /** After a failure of the detector: when it is tried again, epoch milliseconds. */
  readonly detection: { retryAtMs: number };
}

const getNowMs = ({ clock }: Pick<WatchPorts, "clock">): number => clock.now().getTime();

/** Takes the lease of a channel as soon as it is free. @returns undefined if it is not before the deadline */
const takeFreeLease = async (
  ports: WatchPorts,
  channel: string,
  { ownerId, deadlineMs, wait, signal }: WatchOptions,
): Promise<ChannelLease | undefined> => {
  for (;;) {
    const lease = await takeLease(ports.store, ports.clock, channel, ownerId);
    if (lease !== undefined || getNowMs(ports) + leasePollMs >= deadlineMs) return lease;
    await wait(leasePollMs, signal);
    signal?.throwIfAborted();
  }
};

/** Detects what is archived. It stops after the first segment that ends later than `untilMs`. */
const detectPending = async (
  { ports, watched, options, images, saved, detection }: WatchRun,
  untilMs: number,
): Promise<void> => {
  if (getNowMs(ports) < detection.retryAtMs) return;
  const {
    maxBacklogSeconds = defaultMaxBacklogSeconds,
    detectionRetryMs = defaultDetectionRetryMs,
    signal,
  } = options;
  const detectOptions = { images, maxBacklogSeconds, ...(signal === undefined ? {} : { signal }) };
  for await (const step of detectSegments(ports, watched, saved.current, detectOptions)) {
    const { state, lastDetectedAt } = step;
    await saved.save(state, lastDetectedAt === undefined ? {} : { lastDetectedAt });
    if (state.problems.detection !== undefined) detection.retryAtMs = getNowMs(ports) + detectionRetryMs;
    if (getNowMs(ports) >= untilMs) return;
  }
};

/** Saves what a poll without new segments says. */
const savePoll = async (
  { ports, saved }: Pick<WatchRun, "ports" | "saved">,
  position: PlaylistPosition,
): Promise<void> => {
  const { current, times } = saved;
  const nowMs = getNowMs(ports);
  const problem = describePosition(position);
  const problems = removeExpiredCap(current.problems, nowMs / 1000);
  const next: WatcherState = {
    ...current,
    position,
    // That a poll succeeds does not end the problem of the last segment.
    problems: problem === undefined ? problems : replaceProblem(problems, "archive", problem),
  };
  const isDue = nowMs - (times.lastPolledAt ?? 0) * 1000 >= statusIntervalMs;
  if (isDue || JSON.stringify(next) !== JSON.stringify(current))
    await saved.save(next, { lastPolledAt: nowMs / 1000 });
};

/**
 * Archives what a playlist has after the archive position, up to the deadline or a segment that cannot be read now. After
 * each batch, what is archived is detected.
 */
const archivePlaylist = async (run: WatchRun, { playlist, variant }: ChannelPlaylist): Promise<void> => {
  const { ports, watched, options, images, saved } = run;
  const { deadlineMs, fromStart, signal } = options;
  const followOptions = {
    ...(variant === undefined ? {} : { variant }),
    ...(fromStart === undefined ? {} : { fromStart }),
  };
  let pending: readonly FollowedSegment[] = [];
  for (;;) {
    if (pending.length === 0) {
      const { position: before } = saved.current;
      const followed = followPlaylist(before, playlist, getNowMs(ports), followOptions);
      for (const event of followed.events)
        ports.log.info("Channel", { channel: watched.channel.name, ...event });
      if (followed.segments.length === 0) return savePoll(run, followed.position);
      pending = followed.segments;
    }
    const { state, last, end } = await archiveBatch(ports, watched, saved.current, pending, {
      deadlineMs,
      images,
      save: (next) => saved.save(next),
      ...(signal === undefined ? {} : { signal }),
    });
    await saved.save(state, {
      ...(last === undefined
        ? {}
        : { lastSegmentAt: last.startTime, lastSegmentEndsAt: getSegmentEnd(last).time }),
      lastPolledAt: getNowMs(ports) / 1000,
    });
    const archived = pending.findIndex(({ id }) => id === state.lastSegmentId) + 1;
    pending = end === "skipped" ? [] : pending.slice(archived);
    // At least one segment, so that detection goes on while the archive position moves. A recording can wait.
    const pollMs = computePollMs(playlist.targetDurationSeconds);
    await detectPending(run, playlist.isEnded ? deadlineMs : getNowMs(ports) + pollMs);
    if (end === "blocked" || getNowMs(ports) >= deadlineMs) return;
  }
};

/** Reads the playlist and archives what is new. @returns its target duration, seconds; undefined if it cannot be read */
const poll = async (run: WatchRun): Promise<number | undefined> => {
  const { ports, watched, options, playlists, saved } = run;
  try {
    const read = await playlists.read(options.signal);
    await archivePlaylist(run, read);
    return read.playlist.targetDurationSeconds;
  } catch (cause) {
    options.signal?.throwIfAborted();
    if (!(cause instanceof FetchFailure || cause instanceof PlaylistError)) throw cause;
    ports.log.warn("The playlist cannot be read", { channel: watched.channel.name, error: cause });
    const { current } = saved;
    const problem = { name: "error", message: formatError(cause) } as const;
    const nowMs = getNowMs(ports);
    await saved.save(
      {
        ...current,
        ...(current.position && { position: followSilence(current.position, nowMs).position }),
        problems: replaceProblem(current.problems, "archive", problem),
      },
      { lastPolledAt: nowMs / 1000 },
    );
    return undefined;
  }
};

/** Ends what the channel shows, if it is not watched for a time. */
const endShown = async ({ ports, watched, saved }: Pick<WatchRun, "ports" | "watched" | "saved">) => {
  if (isShowing(saved.current))
    await saved.save(await endAppearancesUnsearched(ports, watched, saved.current));
};

/** Whether the next run begins outside of the hours of the channel: a schedule invokes it within them only. */
const isLastRun = ({ activeHours, intervalMinutes }: ChannelSettings, nowMs: number): boolean =>
  !isActive(activeHours, new Date(nowMs + intervalMinutes * 60_000));

/** Polls until the channel has ended or the deadline. A step that may succeed later is repeated. */
const watchUntilDeadline = async (run: WatchRun): Promise<WatchOutcome> => {
  const { ports, watched, options, saved } = run;
  const { deadlineMs, wait, signal } = options;
  let pollMs = minPollMs;
  let pauseReadMs = getNowMs(ports);
  let isSwept = false;
  for (;;) {
    const startMs = getNowMs(ports);
    let failure: unknown;
    try {
      await watched.lease.keep();
      if (!isSwept) await sweepAppearances(ports, watched, saved.current, signal);
      isSwept = true;
      pollMs = computePollMs((await poll(run)) ?? defaultTargetDurationSeconds);
      await detectPending(run, Math.min(startMs + pollMs, deadlineMs));
      if (startMs - pauseReadMs >= pauseIntervalMs) {
        if ((await ports.store.readChannel(watched.channel.name)).paused) {
          await endShown(run);
          return "paused";
        }
        pauseReadMs = startMs;
      }
      if (saved.current.position?.isEnded === true && !hasPendingDetections(saved.current)) return "ended";
    } catch (cause) {
      signal?.throwIfAborted();
      if (!isTransientFailure(cause)) throw cause;
      failure = cause;
      ports.log.warn("A step failed; it is repeated", { channel: watched.channel.name, error: cause });
    }
    const waitMs = failure === undefined ? Math.max(0, startMs + pollMs - getNowMs(ports)) : minPollMs;
    if (getNowMs(ports) + waitMs >= deadlineMs) {
      if (failure !== undefined) throw failure;
      if (isLastRun(watched.channel, getNowMs(ports))) await endShown(run);
      return "deadline";
    }
    if (waitMs > 0) await wait(waitMs, signal);
    signal?.throwIfAborted();
  }
};

/**
 * Watches a channel until a deadline. Its archive position moves with the playlist: each new segment is archived once,
 * and its candidates are stored with it (`archiveBatch`). Its detection position moves over the stored segments
 * (`detectSegments`), and may be behind. The state is saved after each step, in one write that fails without the lease: a
 * crash repeats one step, and each step can be repeated.
 *
 * @throws StoreFailure, JobFailure that is not about the media: retryable ones only if the last step before the deadline
 *   failed
 */
export const watchChannel = async (
  ports: WatchPorts,
  channel: ChannelSettings,
  options: WatchOptions,
): Promise<WatchOutcome> => {
  const { store, log } = ports;
  const lease = await takeFreeLease(ports, channel.name, options);
  if (lease === undefined) return "held";
  try {
    const record = await store.readSavedChannel(channel.name);
    const run: WatchRun = {
      ports,
      watched: { channel, lease, archivePrefix: options.archivePrefix },
      options,
      playlists: createPlaylistReader(ports.fetcher, channel.manifestUrl),
      images: createCandidateImages(ports.frames),
      saved: openSavedState(store, lease, record),
      detection: { retryAtMs: 0 },
    };
    if (!record.paused) return await watchUntilDeadline(run);
    await endShown(run);
    return "paused";
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
