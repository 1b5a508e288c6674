import { performance } from "node:perf_hooks";
import { advanceClock, initialClock, type RunClock } from "./run-clock.ts";
import type { SourceActivity } from "./source-activity.ts";

/** What a run may take. */
export interface RunLimits {
  /** Seconds that it may work; waiting for the store does not count. */
  readonly workSeconds: number;
  /** Seconds without any sign of progress; absent: only the whole is bounded. */
  readonly stallSeconds?: number;
}
export interface WatchdogOptions extends RunLimits {
  /** The run's inputs; absent where it reads nothing of the store. */
  readonly source?: Pick<SourceActivity, "bytesRead" | "isWaiting">;
  /** What the run has written to the disk, in a form that changes with every write. Asked only after some silence. */
  readonly computeFingerprint?: () => Promise<string>;
  /** Called once, when the run is to be ended. */
  readonly onLimit: (limit: RunLimit) => void;
}
/** Why a run was ended: it showed no progress (`stalled`), or took longer than it may (`late`). */
export type RunLimit = "stalled" | "timeout";
export interface Watchdog {
  /** The run has shown progress. */
  advance(): void;
  stop(): void;
}

/**
 * Watches one run of a program from its start. Only its own ticks count as time, see `advanceClock`.
 *
 * Writing to the disk is the last sign that is looked for: a muxer that moves the index of a large MP4 to its
 * beginning reads no packet and makes none, but writes the whole file anew.
 */
export const startWatchdog = (options: WatchdogOptions): Watchdog => {
  const { source, computeFingerprint, onLimit } = options;
  const stallMs = (options.stallSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  const workMs = options.workSeconds * 1000;
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
  /** Looks at the disk twice in a silence; a change between the two is progress. */
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
