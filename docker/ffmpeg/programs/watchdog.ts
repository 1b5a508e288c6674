import { performance } from "node:perf_hooks";
import type { SourceActivity } from "../source/source-activity.ts";
import { advanceClock, initialClock, type RunClock } from "./run-clock.ts";

/** Time limits of a run. */
export interface RunLimits {
  /** Timeout, without waits for the object store. */
  readonly workTimeoutSeconds: number;
  /** Timeout without progress; absent: no such limit. */
  readonly progressTimeoutSeconds?: number;
}
export interface WatchdogOptions extends RunLimits {
  /** The run's reads from the object store; absent if it has none. */
  readonly source?: Pick<SourceActivity, "bytesRead" | "isWaiting">;
  /**
   * Fingerprint of the files that the run writes, which changes with every write. Called only after a while without
   * progress.
   */
  readonly computeFingerprint?: () => Promise<string>;
  /** Called once, when a limit is exceeded. */
  readonly onLimit: (limit: RunLimit) => void;
}
/** The exceeded limit: no progress (`stalled`), or too long in total (`timeout`). */
export type RunLimit = "stalled" | "timeout";
export interface Watchdog {
  /** Reports progress of the run. */
  advance(): void;
  stop(): void;
}

/**
 * Watches one run of a program from its start. Only its own ticks count as time (see `advanceClock`).
 *
 * Writes to the disk are checked last: a muxer that moves the index of a large MP4 to its beginning reads and writes no
 * packets, but rewrites the whole file.
 */
export const startWatchdog = (options: WatchdogOptions): Watchdog => {
  const { source, computeFingerprint, onLimit } = options;
  const stallMs = (options.progressTimeoutSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  const workMs = options.workTimeoutSeconds * 1000;
  const periodMs = Math.max(10, Math.min(1000, stallMs / 10, workMs / 10));
  let clock: RunClock = initialClock;
  let lastTickMs = performance.now();
  let hasProgressed = false;
  let bytesRead = source?.bytesRead ?? 0;
  let previousFingerprint: string | undefined;
  let isChecking = false;

  const stopAtLimit = (limit: RunLimit): void => {
    clearInterval(timer);
    onLimit(limit);
  };
  /** Checks the disk twice during a pause. A change between the two is progress. */
  const checkWrites = async (): Promise<void> => {
    isChecking = true;
    const fingerprint = (await computeFingerprint?.().catch(() => undefined)) ?? "";
    isChecking = false;
    if (previousFingerprint === undefined) previousFingerprint = fingerprint;
    else if (previousFingerprint !== fingerprint) {
      clock = { ...clock, idleMs: 0 };
      previousFingerprint = undefined;
    } else if (clock.idleMs >= stallMs) stopAtLimit("stalled");
  };
  const tick = (): void => {
    const now = performance.now();
    const read = source?.bytesRead ?? 0;
    clock = advanceClock(clock, {
      elapsedMs: now - lastTickMs,
      periodMs,
      isWaiting: source?.isWaiting ?? false,
      hasProgressed: hasProgressed || read !== bytesRead,
    });
    lastTickMs = now;
    hasProgressed = false;
    bytesRead = read;
    if (clock.idleMs === 0) previousFingerprint = undefined;
    if (clock.workedMs >= workMs) {
      stopAtLimit("timeout");
      return;
    }
    if (isChecking) return;
    const isHalfway = previousFingerprint === undefined && clock.idleMs >= stallMs / 2;
    if (isHalfway || clock.idleMs >= stallMs) void checkWrites();
  };
  const timer = setInterval(tick, periodMs);
  return {
    advance() {
      hasProgressed = true;
    },
    stop: () => clearInterval(timer),
  };
};
