import type { Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { getSystemErrorCode } from "../adapters/local/system-error.ts";

/** Milliseconds between two looks. */
const pollIntervalMs = 200;

/** So often a file is looked at, whatever the time: a machine that slept meanwhile, or its copier, saw none pass. */
const minUnchangedChecks = 4;

/** What tells one state of a file from another. */
export type FileIdentity = Pick<Stats, "size" | "mtimeMs" | "ino" | "ctimeMs">;

/**
 * Differs whenever a file was written to or replaced: programs can set its size and time back, but not its inode's
 * change time. It also differs after a new mode or link, which leave the content as it is.
 */
export const fingerprint = ({ size, mtimeMs, ino, ctimeMs }: FileIdentity): string =>
  `${size} ${mtimeMs} ${ino} ${ctimeMs}`;

interface WatchedFile {
  lastFingerprint: string;
  /** By `performance.now()`, which no clock setting moves. */
  unchangedSinceMs: number;
  notBeforeMs: number;
  /** Looks that found no change. */
  unchangedChecks: number;
  /** Known to be empty. */
  isReportedEmpty?: true;
}

/** Files that are waited for until they are whole. */
export interface StabilityWatcher {
  /** @param delaySeconds looked at no earlier */
  watch(path: string, delaySeconds?: number): void;
  unwatch(path: string): void;
  close(): Promise<void>;
}

interface StabilityWatcherOptions {
  /** Seconds that size and time must stand still. */
  readonly stabilitySeconds: number;
  /** Called once for each file that no longer changes and is not empty. */
  readonly onStable: (path: string, file: Stats) => void;
  /** Told of each file that stands still and is empty, once; it is waited for. */
  readonly onEmpty: (path: string) => void;
  /** Told of each path that cannot be looked at, once. */
  readonly onFailure: (path: string, cause: unknown) => void;
}

/**
 * Watches files that are being written: one is whole when its size and its time have not changed for a while. Size
 * alone does not tell, as some programs give a file its whole length first. An empty file is yet to be written.
 */
export const createStabilityWatcher = (options: StabilityWatcherOptions): StabilityWatcher => {
  const { stabilitySeconds } = options;
  const watchedFiles = new Map<string, WatchedFile>();
  const stop = new AbortController();
  let polling: Promise<void> | undefined;

  const checkFile = async (path: string, state: WatchedFile): Promise<void> => {
    if (performance.now() < state.notBeforeMs) return;
    let file: Stats;
    try {
      file = await lstat(path);
    } catch (cause) {
      watchedFiles.delete(path);
      if (getSystemErrorCode(cause) !== "ENOENT") options.onFailure(path, cause);
      return;
    }
    const nowMs = performance.now();
    const lastFingerprint = fingerprint(file);
    if (lastFingerprint !== state.lastFingerprint)
      Object.assign(state, { lastFingerprint, unchangedSinceMs: nowMs, unchangedChecks: 0 });
    else state.unchangedChecks += 1;
    if (
      state.unchangedChecks < minUnchangedChecks ||
      nowMs - state.unchangedSinceMs < stabilitySeconds * 1000
    )
      return;
    if (watchedFiles.get(path) !== state) return;
    if (file.size > 0 || !file.isFile()) {
      watchedFiles.delete(path);
      options.onStable(path, file);
    } else if (!state.isReportedEmpty) {
      state.isReportedEmpty = true;
      options.onEmpty(path);
    }
  };
  const poll = async (): Promise<void> => {
    while (watchedFiles.size > 0 && !stop.signal.aborted) {
      for (const [path, state] of watchedFiles) {
        if (stop.signal.aborted) return;
        await checkFile(path, state);
      }
      await pause(Math.min(pollIntervalMs, stabilitySeconds * 250), undefined, { signal: stop.signal }).catch(
        () => undefined,
      );
    }
  };
  const startPolling = (): void => {
    polling ??= poll().finally(() => {
      polling = undefined;
      // What came between the last look and now.
      if (watchedFiles.size > 0 && !stop.signal.aborted) startPolling();
    });
  };

  return {
    watch(path, delaySeconds = 0) {
      const nowMs = performance.now();
      watchedFiles.set(path, {
        lastFingerprint: "",
        unchangedSinceMs: nowMs,
        unchangedChecks: 0,
        notBeforeMs: nowMs + delaySeconds * 1000,
      });
      startPolling();
    },
    unwatch: (path) => void watchedFiles.delete(path),
    async close() {
      stop.abort();
      await polling;
    },
  };
};
