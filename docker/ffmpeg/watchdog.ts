import { performance } from "node:perf_hooks";
import { advanceClock, type RunClock, startedClock } from "./run-clock.ts";
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
  readonly written?: () => Promise<string>;
  /** Called once, when the run is to be ended. */
  readonly onLimit: (limit: RunLimit) => void;
}
/** Why a run was ended: it showed no progress (`stalled`), or took longer than it may (`late`). */
export type RunLimit = "stalled" | "late";
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
  const { source, written, onLimit } = options;
  const stallMs = (options.stallSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  const workMs = options.workSeconds * 1000;
  const periodMs = Math.max(10, Math.min(1000, stallMs / 10, workMs / 10));
  let clock: RunClock = startedClock;
  let last = performance.now();
  let hasProgressed = false;
  let bytesRead = source?.bytesRead ?? 0;
  let seen: string | undefined;
  let looking = false;

  const end = (limit: RunLimit): void => {
    clearInterval(timer);
    onLimit(limit);
  };
  /** Looks at the disk twice in a silence; a change between the two is progress. */
  const look = async (): Promise<void> => {
    looking = true;
    const found = (await written?.().catch(() => undefined)) ?? "";
    looking = false;
    if (seen === undefined) seen = found;
    else if (seen !== found) {
      clock = { ...clock, idleMs: 0 };
      seen = undefined;
    } else if (clock.idleMs >= stallMs) end("stalled");
  };
  const tick = (): void => {
    const now = performance.now();
    const read = source?.bytesRead ?? 0;
    clock = advanceClock(clock, {
      elapsedMs: now - last,
      periodMs,
      isWaiting: source?.isWaiting ?? false,
      hasProgressed: hasProgressed || read !== bytesRead,
    });
    last = now;
    hasProgressed = false;
    bytesRead = read;
    if (clock.idleMs === 0) seen = undefined;
    if (clock.workedMs >= workMs) {
      end("late");
      return;
    }
    if (looking) return;
    const isHalf = seen === undefined && clock.idleMs >= stallMs / 2;
    if (isHalf || clock.idleMs >= stallMs) void look();
  };
  const timer = setInterval(tick, periodMs);
  return {
    advance() {
      hasProgressed = true;
    },
    stop: () => clearInterval(timer),
  };
};
