import { UserError } from "../../../pipeline/errors/errors.ts";
import type { ChannelStatus } from "../../../pipeline/highlights/appearance-store.ts";
import type { Clock } from "../../../pipeline/ports/clock.ts";
import type { Metrics } from "../../../pipeline/ports/metrics.ts";
import type { Watcher, WatchRun } from "./open-watcher.ts";

export interface RunWatchOptions {
  /** When the run is ended from outside, epoch milliseconds. */
  readonly endMs: number;
  /** Ends the run. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** Seconds of a run: the next one begins a minute after it. */
const watchSeconds = 58;
/** Seconds before the end that remain for the last segments and the clips. */
const reserveSeconds = 15;
/** Seconds before the end in which a run that took too long releases the channel. */
const releaseSeconds = 3;

/** Records what the alarms of a stage watch. @param now epoch seconds */
const recordStatus = (
  metrics: Metrics,
  { parts = [], lastSegmentAt, lastDetectedAt }: ChannelStatus,
  now: number,
): void => {
  if (parts.includes("cap")) metrics.count("DetectionCapReached");
  if (parts.includes("detection") || parts.includes("frames")) metrics.count("DetectionFailing");
  if (lastSegmentAt === undefined) return;
  metrics.record("ChannelLagSeconds", Math.max(0, now - lastSegmentAt));
  if (lastDetectedAt !== undefined)
    metrics.record("DetectionLagSeconds", Math.max(0, lastSegmentAt - lastDetectedAt));
};

/**
 * Runs a watcher once and records how its channel is.
 *
 * @throws UserError if the run does not end in time, or if the channel could never be read
 */
export const runWatch = async (watcher: Watcher, options: RunWatchOptions): Promise<WatchRun> => {
  const { endMs, signal, clock, metrics } = options;
  const startMs = clock.now().getTime();
  const limit = new AbortController();
  const timer = setTimeout(
    () =>
      limit.abort(
        new UserError(
          `The watcher of channel ${watcher.channel} did not end in ${Math.round((endMs - startMs) / 1000)} s. The next run continues. Raise the channel's memoryMiB, or use a variant with less data.`,
        ),
      ),
    Math.max(0, endMs - releaseSeconds * 1000 - startMs),
  );
  try {
    const run = await watcher.run({
      deadlineMs: Math.min(startMs + watchSeconds * 1000, endMs - reserveSeconds * 1000),
      signal: AbortSignal.any([signal, limit.signal]),
    });
    const { outcome, status } = run;
    if (outcome !== "deadline" || status === undefined) return run;
    recordStatus(metrics, status, clock.now().getTime() / 1000);
    if (status.lastSegmentAt === undefined && status.name === "error") throw new UserError(status.message);
    return run;
  } finally {
    clearTimeout(timer);
  }
};
