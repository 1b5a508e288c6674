import { copyFile, mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createChannelFetcher } from "../../adapters/aws/channel-fetcher.ts";
import { writeAtomically } from "../../adapters/local/atomic-file.ts";
import { getSystemErrorCode } from "../../adapters/local/system-error.ts";
import { createSegmentArchive } from "../../docker/ffmpeg/highlights/segment-archive.ts";
import { CommandError, formatError } from "../../pipeline/errors/errors.ts";
import { type ChannelFetcher, FetchFailure } from "../../pipeline/highlights/channel-fetcher.ts";
import { DecryptionFailure } from "../../pipeline/highlights/decrypt-segment.ts";
import { createKeyCache } from "../../pipeline/highlights/key-cache.ts";
import {
  buildRecordingPlaylist,
  type RecordedSegment,
  recordingManifestName,
} from "../../pipeline/highlights/playlist/build-recording-playlist.ts";
import { type FollowedSegment, followPlaylist } from "../../pipeline/highlights/playlist/follow-playlist.ts";
import { PlaylistError } from "../../pipeline/highlights/playlist/playlist-error.ts";
import type { PlaylistPosition } from "../../pipeline/highlights/playlist/position.ts";
import { createPlaylistReader } from "../../pipeline/highlights/read-playlist.ts";
import type { ArchiveRequest, SegmentArchive } from "../../pipeline/highlights/segment-archive.ts";
import type { ObjectStore } from "../../pipeline/ports/object-store.ts";

export interface RecordOptions {
  readonly manifestUrl: string;
  /** Hosts besides the manifest's. */
  readonly allowedHosts: readonly string[];
  /** Seconds of the channel to record. */
  readonly seconds: number;
  /** Milliseconds beyond them after which a channel that sends too little is not waited for. @default 60000 */
  readonly graceMs?: number;
  /** Folder of the recording: new or empty. */
  readonly folder: string;
  /** Ends the recording. What is recorded until then is kept. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RecordProgress) => void;
  /** Called with a line about parts of the channel that were not recorded. */
  readonly onWarning: (line: string) => void;
}
export interface RecordProgress {
  readonly seconds: number;
  readonly segments: number;
  readonly bytes: number;
}
/**
 * Why a recording has ended. `complete`: it is as long as requested. `ended`: the channel has ended. `late`: the channel
 * sent less in that time. `stopped`: the signal was aborted.
 */
export interface RecordResult extends RecordProgress {
  readonly reason: "complete" | "ended" | "late" | "stopped";
}

const defaultGraceMs = 60_000;
/** Failures of the first request after which a channel is given up. */
const maxFirstFailures = 3;
/** Shortest time between two requests of the playlist. */
const minPollMs = 500;

/** The files of a folder as objects, for the archive. */
const createFolderObjects = (folder: string): Pick<ObjectStore, "head" | "write"> => {
  const describe = async (key: string) => {
    const { size, mtime } = await stat(join(folder, key));
    return {
      bucket: folder,
      key,
      etag: `${mtime.getTime()}`,
      bytes: size,
      modifiedAt: mtime.toISOString(),
      metadata: {},
    };
  };
  return {
    head: ({ key }) =>
      describe(key).catch((cause: unknown) => {
        if (getSystemErrorCode(cause) === "ENOENT") return undefined;
        throw cause;
      }),
    async write({ key }, body) {
      if (!("file" in body)) throw new TypeError("A recording has files only");
      await copyFile(body.file, join(folder, key));
      return describe(key);
    },
  };
};

/** Creates the folder. Returns whether it is new. @throws CommandError if it contains files */
const prepareFolder = async (folder: string): Promise<boolean> => {
  const created = await mkdir(folder, { recursive: true });
  const [name] = await readdir(folder);
  if (name !== undefined)
    throw new CommandError(
      `The folder ${folder} is not empty: it contains ${name}. A recording needs a folder of its own; choose another one with --out FOLDER.`,
    );
  return created !== undefined;
};

/** Copies the segments of a channel into a folder, in order, and writes the manifest after each. */
const createSegmentWriter = (archive: SegmentArchive, folder: string) => {
  const recorded: RecordedSegment[] = [];
  let bytes = 0;
  let isInterrupted = false;
  let initialization: { readonly file: string; readonly timeline: number } | undefined;
  let initializations = 0;

  const copy = async (
    part: Pick<FollowedSegment, "url" | "byteRange" | "key">,
    file: string,
    signal: AbortSignal,
  ): Promise<void> => {
    const request: ArchiveRequest = {
      key: file,
      url: part.url,
      ...(part.byteRange === undefined ? {} : { byteRange: part.byteRange }),
      ...(part.key === undefined ? {} : { encryption: { keyUrl: part.key.url, iv: part.key.iv } }),
    };
    bytes += (await archive.copy(request, signal)).bytes;
  };
  /** A timeline has one initialization section. */
  const copyInitialization = async (
    { initializationSection, timeline }: FollowedSegment,
    signal: AbortSignal,
  ): Promise<string | undefined> => {
    if (initializationSection === undefined) return undefined;
    if (initialization?.timeline === timeline) return initialization.file;
    const file = `init-${initializations}.mp4`;
    await copy(initializationSection, file, signal);
    initializations += 1;
    initialization = { file, timeline };
    return file;
  };

  return {
    getProgress: (): RecordProgress => ({
      seconds: recorded.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0),
      segments: recorded.length,
      bytes,
    }),
    /** Leaves a segment out. */
    skip: (): void => {
      isInterrupted = true;
    },
    /** @throws FetchFailure, DecryptionFailure */
    async add(segment: FollowedSegment, signal: AbortSignal): Promise<void> {
      const initializationFile = await copyInitialization(segment, signal);
      const file = `${String(recorded.length).padStart(6, "0")}.${initializationFile === undefined ? "ts" : "m4s"}`;
      await copy(segment, file, signal);
      const isTimelineStart = segment.isTimelineStart || isInterrupted;
      isInterrupted = false;
      recorded.push({
        file,
        durationSeconds: segment.durationSeconds,
        isTimelineStart,
        ...(initializationFile === undefined ? {} : { initialization: initializationFile }),
        ...(isTimelineStart && segment.programDateTime !== undefined
          ? { programDateTimeMs: segment.startTimeMs }
          : {}),
      });
      await writeAtomically(join(folder, recordingManifestName), buildRecordingPlaylist(recorded), {
        durable: false,
      });
    },
  };
};

const isChannelFailure = (cause: unknown): cause is FetchFailure | DecryptionFailure | PlaylistError =>
  cause instanceof FetchFailure || cause instanceof DecryptionFailure || cause instanceof PlaylistError;

/** Records until there is a reason to end. */
const followChannel = async (
  options: RecordOptions,
  fetcher: ChannelFetcher,
  writer: ReturnType<typeof createSegmentWriter>,
): Promise<RecordResult["reason"]> => {
  const { manifestUrl, seconds, graceMs = defaultGraceMs, signal, onProgress, onWarning } = options;
  const playlists = createPlaylistReader(fetcher, manifestUrl);
  const deadlineMs = Date.now() + seconds * 1000 + graceMs;
  const isComplete = (): boolean => writer.getProgress().seconds >= seconds;
  let position: PlaylistPosition | undefined;
  let firstFailures = 0;

  /** Returns whether the segment is done with: recorded, or left out. */
  const addSegment = async (segment: FollowedSegment): Promise<boolean> => {
    try {
      await writer.add(segment, signal);
      onProgress(writer.getProgress());
    } catch (cause) {
      signal.throwIfAborted();
      if (!isChannelFailure(cause)) throw cause;
      if (cause instanceof FetchFailure && cause.retryable) {
        onWarning(`A segment is requested again: ${formatError(cause)}`);
        return false;
      }
      onWarning(`A segment is left out: ${formatError(cause)}`);
      writer.skip();
    }
    position = segment.position;
    return true;
  };

  for (;;) {
    let waitMs = minPollMs;
    try {
      const { playlist, variant } = await playlists.read(signal);
      waitMs = Math.max(minPollMs, playlist.targetDurationSeconds * 500);
      const followed = followPlaylist(position, playlist, Date.now(), {
        ...(variant === undefined ? {} : { variant }),
        // What has ended is copied whole.
        fromStart: playlist.isEnded,
      });
      for (const event of followed.events)
        if (event.type === "missing")
          onWarning(`The channel has removed ${event.count} segments before they were recorded.`);
        else if (event.type === "stalled") onWarning("The channel has stalled: it has no new segment.");
      let isDone = true;
      for (const segment of followed.segments) {
        isDone = await addSegment(segment);
        if (!isDone) break;
        if (isComplete()) return "complete";
      }
      if (isDone) position = followed.position;
      if (isDone && followed.position.isEnded) return "ended";
    } catch (cause) {
      signal.throwIfAborted();
      if (!isChannelFailure(cause)) throw cause;
      const canPass = cause instanceof FetchFailure && cause.retryable;
      firstFailures += 1;
      if (position === undefined && !(canPass && firstFailures < maxFirstFailures))
        throw new CommandError(`The channel ${manifestUrl} cannot be recorded: ${formatError(cause)}`, {
          cause,
        });
      onWarning(`The playlist is requested again: ${formatError(cause)}`);
    }
    if (Date.now() + waitMs >= deadlineMs) return "late";
    await pause(waitMs, undefined, { signal });
  }
};

/**
 * Copies the segments of a live channel into a folder with a VOD manifest, by the rules of the watcher: the same variant,
 * hosts and addresses, decryption, and order of segments. Every state of the folder is a complete recording.
 *
 * @throws CommandError if the folder is in use or the channel cannot be read
 */
export const recordChannel = async (options: RecordOptions): Promise<RecordResult> => {
  const { manifestUrl, allowedHosts, folder, signal } = options;
  const fetcher = createChannelFetcher({ manifestUrl, allowedHosts, allowLoopback: true });
  const isNewFolder = await prepareFolder(folder);
  const scratch = join(folder, ".incomplete");
  const archive = createSegmentArchive({
    fetcher,
    keys: createKeyCache(fetcher),
    objects: createFolderObjects(folder),
    bucket: folder,
    scratch,
  });
  const writer = createSegmentWriter(archive, folder);
  try {
    const reason = await followChannel(options, fetcher, writer).catch((cause: unknown) => {
      if (signal.aborted) return "stopped" as const;
      throw cause;
    });
    return { ...writer.getProgress(), reason };
  } finally {
    fetcher.close();
    await rm(scratch, { recursive: true, force: true });
    if (isNewFolder && writer.getProgress().segments === 0) await rm(folder, { recursive: true });
  }
};
