import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createChannelFetcher } from "../../adapters/aws/channel-fetcher.ts";
import { createMemoryAppearanceStore } from "../../adapters/local/memory-appearance-store.ts";
import { createLocalObjectStore } from "../../adapters/local/object-store.ts";
import { createFrameReader } from "../../docker/ffmpeg/highlights/frame-reader.ts";
import { createSegmentArchive } from "../../docker/ffmpeg/highlights/segment-archive.ts";
import { probeCapabilities } from "../../docker/ffmpeg/programs/capabilities.ts";
import type { ChannelSettings } from "../../pipeline/configuration/channels-schema.ts";
import { CommandError, formatError } from "../../pipeline/errors/errors.ts";
import type { Appearance } from "../../pipeline/highlights/appearance.ts";
import type { AppearanceStore } from "../../pipeline/highlights/appearance-store.ts";
import { type ChannelFetcher, FetchFailure } from "../../pipeline/highlights/channel-fetcher.ts";
import { type Evaluation, evaluateAppearances } from "../../pipeline/highlights/evaluation.ts";
import { createKeyCache } from "../../pipeline/highlights/key-cache.ts";
import { PlaylistError } from "../../pipeline/highlights/playlist/playlist-error.ts";
import { createPlaylistReader } from "../../pipeline/highlights/read-playlist.ts";
import { createRecordingTime, type RecordingTime } from "../../pipeline/highlights/recording-time.ts";
import type { LabelPeriod } from "../../pipeline/highlights/truth-schema.ts";
import { watchChannel } from "../../pipeline/highlights/watch-channel.ts";
import type { MediaLimits } from "../../pipeline/media/media-limits.ts";
import { DetectionFailure, type LabelDetector } from "../../pipeline/ports/label-detector.ts";
import type { Logger } from "../../pipeline/ports/logger.ts";
import { computeRekognitionUsd } from "../../pipeline/prices/detection-price.ts";

/** How far a backtest is. */
export interface BacktestProgress {
  /** Seconds of the recording that are decoded. */
  readonly seconds: number;
  readonly totalSeconds: number;
  readonly detections: number;
}
export interface BacktestOptions {
  /** The recording as the user names it. */
  readonly recording: string;
  /** The channel; its manifest is that of a recording (VOD). */
  readonly channel: ChannelSettings;
  readonly truth: readonly LabelPeriod[];
  /** Its requests have times of the recording, seconds from the start. */
  readonly detector: LabelDetector;
  readonly programs: { readonly ffmpeg: string; readonly ffprobe: string };
  readonly limits: MediaLimits;
  readonly signal: AbortSignal;
  /** Called with a line about frames and segments that were not used. */
  readonly onWarning: (line: string) => void;
  readonly onProgress: (progress: BacktestProgress) => void;
}
export interface BacktestResult extends Evaluation {
  /** Seconds of the recording. */
  readonly durationSeconds: number;
  /** Mean frames per second. */
  readonly frameRate: number;
  /** Seconds that the backtest took. */
  readonly elapsedSeconds: number;
}

/** Seconds of waiting after which a recording that cannot be read is given up. */
const readTimeoutSeconds = 60;
/** Longest real wait before a request is repeated. */
const maxWaitMs = 1000;
const bucket = "archive";
const ownerId = "backtest";

/** Removes rounding errors of epoch seconds. */
const roundSeconds = (seconds: number): number => Math.round(seconds * 1e6) / 1e6;

/** Reads the duration of a recording. @throws CommandError if it cannot be read or has no end */
const readDuration = async (
  fetcher: ChannelFetcher,
  { recording, channel }: BacktestOptions,
  signal: AbortSignal,
): Promise<number> => {
  const { playlist } = await createPlaylistReader(fetcher, channel.manifestUrl)
    .read(signal)
    .catch((cause: unknown) => {
      signal.throwIfAborted();
      if (!(cause instanceof FetchFailure || cause instanceof PlaylistError)) throw cause;
      throw new CommandError(`The recording ${recording} cannot be read: ${formatError(cause)}`, { cause });
    });
  if (!playlist.isEnded)
    throw new CommandError(
      `The manifest of ${recording} has no end (EXT-X-ENDLIST). Record a live channel first: npx reelway highlights record URL --minutes N. If the recording is complete, add the line #EXT-X-ENDLIST to its manifest.`,
    );
  if (playlist.segments.length === 0)
    throw new CommandError(`The manifest of ${recording} has no segments. Record the channel again.`);
  return playlist.segments.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
};

/** A detector that counts its detections, and stops the backtest when no request can succeed. */
const createCountingDetector = (
  detector: LabelDetector,
  time: RecordingTime,
  stop: (reason: unknown) => void,
) => {
  let detections = 0;
  const counting: LabelDetector = {
    name: detector.name,
    computeUsd: (request) => detector.computeUsd(request),
    async detect(request, signal) {
      try {
        const timeSeconds = roundSeconds(time.locateTime(request.timeSeconds));
        const detection = await detector.detect({ ...request, timeSeconds }, signal);
        detections += 1;
        return detection;
      } catch (cause) {
        if (cause instanceof DetectionFailure && (cause.kind === "denied" || cause.kind === "unavailable"))
          stop(new CommandError(`The detector ${detector.name} failed: ${cause.message}`, { cause }));
        throw cause;
      }
    },
  };
  return { detector: counting, getDetections: () => detections };
};

/** A fetcher that stops the backtest at a part that can never be read: without it, appearances cannot be judged. */
const createStrictFetcher = (
  fetcher: ChannelFetcher,
  recording: string,
  stop: (reason: unknown) => void,
): ChannelFetcher => ({
  ...fetcher,
  async fetchStream(request) {
    try {
      return await fetcher.fetchStream(request);
    } catch (cause) {
      if (cause instanceof FetchFailure && !cause.retryable)
        stop(new CommandError(`The recording ${recording} is not complete: ${cause.message}`, { cause }));
      throw cause;
    }
  },
});

const listAppearances = async (store: AppearanceStore, channel: string): Promise<readonly Appearance[]> => {
  const appearances: Appearance[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.listAppearances(channel, {
      limit: 1000,
      ...(cursor === undefined ? {} : { cursor }),
    });
    appearances.push(...page.appearances);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return appearances.reverse();
};

const createLog = (onWarning: (line: string) => void): Logger => {
  const warn: Logger["warn"] = (message, { segment, error }: { segment?: unknown; error?: unknown } = {}) =>
    onWarning(
      [
        segment === undefined ? message : `${message} (${String(segment)})`,
        ...(error === undefined ? [] : [formatError(error)]),
      ].join(": "),
    );
  return { info: () => undefined, warn, error: warn };
};

/**
 * Watches a recording as a live channel, as fast as this machine can, and compares what was found with the truth. The
 * archive is temporary. The price is Amazon Rekognition's for any detector.
 *
 * @throws CommandError if the recording cannot be read whole, or the detector cannot be used; the signal's reason
 */
export const runBacktest = async (options: BacktestOptions): Promise<BacktestResult> => {
  const { recording, channel, truth, programs, limits, onWarning, onProgress } = options;
  const startedMs = performance.now();
  const stopping = new AbortController();
  const stop = (reason: unknown) => stopping.abort(reason);
  const signal = AbortSignal.any([options.signal, stopping.signal]);
  // The recording ends now on the channel's clock, and time passes only while nothing can be read.
  let nowMs = Date.now();
  const clock = { now: () => new Date(nowMs) };
  const folder = await mkdtemp(join(tmpdir(), "reelway-backtest-"));
  const fetcher = createChannelFetcher({
    manifestUrl: channel.manifestUrl,
    allowedHosts: channel.allowedHosts,
    allowLoopback: true,
  });
  try {
    const totalSeconds = await readDuration(fetcher, options, signal);
    const time = createRecordingTime();
    const counting = createCountingDetector(options.detector, time, stop);
    let [intervals, intervalSeconds] = [0, 0];
    const memory = createMemoryAppearanceStore(clock);
    const store: AppearanceStore = {
      ...memory,
      async reserveDetection(...reservation) {
        const decision = await memory.reserveDetection(...reservation);
        if (!decision.isAllowed)
          stop(
            new CommandError(
              `The backtest has reached its limit of ${channel.maxUsdPerDay} dollars after ${counting.getDetections()} detections. A larger limit: --max-usd N`,
            ),
          );
        return decision;
      },
      async putSegment(segment) {
        const stored = await memory.putSegment(segment);
        const { frameTimes } = stored.segment;
        time.add(stored.segment);
        if (stored.isNew && frameTimes.length === 0)
          onWarning(`Segment ${segment.id} has no video that can be decoded.`);
        if (stored.isNew) {
          intervals += Math.max(0, frameTimes.length - 1);
          intervalSeconds += (frameTimes.at(-1) ?? 0) - (frameTimes[0] ?? 0);
        }
        onProgress({ seconds: time.durationSeconds, totalSeconds, detections: counting.getDetections() });
        return stored;
      },
    };
    const objects = createLocalObjectStore({ directory: join(folder, "objects") });
    const strictFetcher = createStrictFetcher(fetcher, recording, stop);
    const shared = { objects, bucket, scratch: join(folder, "scratch") };
    const outcome = await watchChannel(
      {
        fetcher: strictFetcher,
        archive: createSegmentArchive({
          ...shared,
          fetcher: strictFetcher,
          keys: createKeyCache(strictFetcher),
        }),
        frames: createFrameReader({
          ...shared,
          programs,
          capabilities: await probeCapabilities(programs.ffmpeg, "frames", signal),
          limits,
          threads: availableParallelism(),
          memoryBytes: totalmem(),
        }),
        detector: counting.detector,
        store,
        listener: { onStarted: async () => undefined, onEnded: async () => undefined },
        clock,
        log: createLog((line) => {
          // The reason to stop is reported as an error.
          if (!signal.aborted) onWarning(line);
        }),
      },
      channel,
      {
        ownerId,
        archivePrefix: "",
        deadlineMs: nowMs + readTimeoutSeconds * 1000,
        fromStart: true,
        maxBacklogSeconds: Number.POSITIVE_INFINITY,
        wait: async (milliseconds, waitSignal) => {
          await pause(Math.min(milliseconds, maxWaitMs), undefined, {
            ...(waitSignal === undefined ? {} : { signal: waitSignal }),
          }).catch(() => undefined);
          nowMs += milliseconds;
        },
        signal,
      },
    );
    signal.throwIfAborted();
    const { status } = await store.readChannel(channel.name);
    if (outcome !== "ended")
      throw new CommandError(
        `The recording ${recording} was read only up to second ${Math.floor(time.durationSeconds)}: ${status?.message ?? outcome}`,
      );
    const detections = counting.getDetections();
    const { durationSeconds } = time;
    const frameRate = intervalSeconds > 0 ? intervals / intervalSeconds : 0;
    const found = (await listAppearances(store, channel.name)).map(({ label, start, end }) => ({
      label,
      start: roundSeconds(time.locateFrame(start)),
      end: roundSeconds(end === undefined ? durationSeconds : time.locateFrame(end)),
    }));
    return {
      ...evaluateAppearances(found, truth, {
        durationSeconds,
        frameRate,
        detections,
        usd: detections * computeRekognitionUsd(channel),
      }),
      durationSeconds,
      frameRate,
      elapsedSeconds: (performance.now() - startedMs) / 1000,
    };
  } catch (cause) {
    signal.throwIfAborted();
    throw cause;
  } finally {
    fetcher.close();
    await rm(folder, { recursive: true, force: true });
  }
};
