import type { Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { systemCode } from "../adapters/local/system-code.ts";

/** Milliseconds between two looks. */
const period = 200;

/** So often a file is looked at, whatever the time: a machine that slept meanwhile, or its copier, saw none pass. */
const leastLooks = 4;

/** What tells one state of a file from another. */
export type FileIdentity = Pick<Stats, "size" | "mtimeMs" | "ino" | "ctimeMs">;

/**
 * Differs whenever a file was written to or replaced: programs can set its size and time back, but not its inode's
 * change time. It also differs after a new mode or link, which leave the content as it is.
 */
export const fingerprint = ({ size, mtimeMs, ino, ctimeMs }: FileIdentity): string =>
  `${size} ${mtimeMs} ${ino} ${ctimeMs}`;

interface Waiting {
  seen: string;
  /** By `performance.now()`, which no clock setting moves. */
  since: number;
  notBefore: number;
  /** Looks that found no change. */
  still: number;
  /** Known to be empty. */
  empty?: true;
}

/** Files that are waited for until they are whole. */
export interface Settling {
  /** @param delaySeconds looked at no earlier */
  wait(path: string, delaySeconds?: number): void;
  forget(path: string): void;
  close(): Promise<void>;
}

interface SettlingOptions {
  /** Seconds that size and time must stand still. */
  readonly settleSeconds: number;
  /** Told of what stands still and is not empty, once. */
  readonly onWhole: (path: string, file: Stats) => void;
  /** Told of each file that stands still and is empty, once; it is waited for. */
  readonly onEmpty: (path: string) => void;
  /** Told of each path that cannot be looked at, once. */
  readonly onFailure: (path: string, cause: unknown) => void;
}

/**
 * Watches files that are being written: one is whole when its size and its time have not changed for a while. Size
 * alone does not tell, as some programs give a file its whole length first. An empty file is yet to be written.
 */
export const createSettling = (options: SettlingOptions): Settling => {
  const { settleSeconds } = options;
  const waiting = new Map<string, Waiting>();
  const stop = new AbortController();
  let looking: Promise<void> | undefined;

  const look = async (path: string, state: Waiting): Promise<void> => {
    if (performance.now() < state.notBefore) return;
    let file: Stats;
    try {
      file = await lstat(path);
    } catch (cause) {
      waiting.delete(path);
      if (systemCode(cause) !== "ENOENT") options.onFailure(path, cause);
      return;
    }
    const now = performance.now();
    const seen = fingerprint(file);
    if (seen !== state.seen) Object.assign(state, { seen, since: now, still: 0 });
    else state.still += 1;
    if (state.still < leastLooks || now - state.since < settleSeconds * 1000) return;
    if (waiting.get(path) !== state) return;
    if (file.size > 0 || !file.isFile()) {
      waiting.delete(path);
      options.onWhole(path, file);
    } else if (!state.empty) {
      state.empty = true;
      options.onEmpty(path);
    }
  };
  const lookOn = async (): Promise<void> => {
    while (waiting.size > 0 && !stop.signal.aborted) {
      for (const [path, state] of waiting) {
        if (stop.signal.aborted) return;
        await look(path, state);
      }
      await pause(Math.min(period, settleSeconds * 250), undefined, { signal: stop.signal }).catch(
        () => undefined,
      );
    }
  };
  const begin = (): void => {
    looking ??= lookOn().finally(() => {
      looking = undefined;
      // What came between the last look and now.
      if (waiting.size > 0 && !stop.signal.aborted) begin();
    });
  };

  return {
    wait(path, delaySeconds = 0) {
      const now = performance.now();
      waiting.set(path, { seen: "", since: now, still: 0, notBefore: now + delaySeconds * 1000 });
      begin();
    },
    forget: (path) => void waiting.delete(path),
    async close() {
      stop.abort();
      await looking;
    },
  };
};
