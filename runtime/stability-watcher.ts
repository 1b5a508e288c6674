import type { Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { getSystemErrorCode } from "../adapters/local/system-error.ts";

/** Milliseconds between two checks. */
const pollIntervalMs = 200;

/** Minimum number of checks without a change: time alone is not enough if the machine or the copier was suspended. */
const minUnchangedChecks = 4;

/** The properties that identify one state of a file. */
export type FileIdentity = Pick<Stats, "size" | "mtimeMs" | "ino" | "ctimeMs">;

/**
 * Changes whenever a file is written or replaced: a program can restore size and modification time, but not the inode's
 * change time. It also changes with the mode and the link count, which do not affect the content.
 */
export const fingerprint = ({ size, mtimeMs, ino, ctimeMs }: FileIdentity): string =>
  `${size} ${mtimeMs} ${ino} ${ctimeMs}`;

interface WatchedFile {
  lastFingerprint: string;
  /** Of `performance.now()`, which clock adjustments do not affect. */
  unchangedSinceMs: number;
  notBeforeMs: number;
  /** Checks without a change. */
  unchangedChecks: number;
  /** Set after `onEmpty` was called. */
  isReportedEmpty?: true;
}

/** Watches files until they are completely written. */
export interface StabilityWatcher {
  /** @param delaySeconds time before the first check */
  watch(path: string, delaySeconds?: number): void;
  unwatch(path: string): void;
  close(): Promise<void>;
}

interface StabilityWatcherOptions {
  /** Seconds for which size and time must not change. */
  readonly stabilitySeconds: number;
  /** Called once for each file that no longer changes and is not empty. */
  readonly onStable: (path: string, file: Stats) => void;
  /** Called once for each file that no longer changes but is empty; it stays watched. */
  readonly onEmpty: (path: string) => void;
  /** Called once for each path that cannot be read. */
  readonly onFailure: (path: string, cause: unknown) => void;
}

/**
 * Creates a watcher. A file is complete when its size and its time have not changed for a while. Size alone is not
 * enough, because some programs allocate the full size first. An empty file counts as not yet written.
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
      // Files added after the last check.
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
