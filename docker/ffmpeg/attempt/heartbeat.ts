import pLimit from "p-limit";
import type { JobProgress } from "../../../pipeline/attempts/report.ts";
import type { AttemptStore } from "../../../pipeline/jobs/attempt.ts";
import type { Probe } from "../../../pipeline/media/probe.ts";
import type { Logger } from "../../../pipeline/ports/logger.ts";

export interface HeartbeatOptions {
  readonly attemptStore: AttemptStore;
  readonly log: Logger;
  readonly getProgress: () => JobProgress;
  /** Called when a write shows that the attempt is lost. */
  readonly onLost: () => void;
  /** Called when the attempt store was not reachable for `unreachableTimeoutSeconds`. */
  readonly onUnreachable: (cause: unknown) => void;
  /** Seconds between writes. */
  readonly periodSeconds: number;
  readonly unreachableTimeoutSeconds?: number;
}
export interface Heartbeat {
  /**
   * Writes progress to the record itself, now. Returns false if the attempt is lost. Rejects if the attempt store is not
   * reachable.
   */
  recordPhase(probe?: Probe): Promise<boolean>;
  /** Stops writing and waits for a write in progress. */
  stop(): Promise<void>;
}

/** Writes progress in every period, even without any change, as a heartbeat. */
export const startHeartbeat = (options: HeartbeatOptions): Heartbeat => {
  const unreachableTimeoutMs = (options.unreachableTimeoutSeconds ?? 60) * 1000;
  let lastSuccessMs = Date.now();
  // One write at a time: if two writes were reordered, the lower percentage would be rejected.
  const runSerially = pLimit(1);
  const write = async (record: (progress: JobProgress) => Promise<boolean>): Promise<boolean> => {
    const isCurrent = await record(options.getProgress());
    lastSuccessMs = Date.now();
    if (!isCurrent) options.onLost();
    return isCurrent;
  };
  const tick = async (): Promise<void> => {
    try {
      await write((progress) => options.attemptStore.recordProgress(progress));
    } catch (cause) {
      options.log.warn("Writing progress failed; retrying", { error: cause });
      if (Date.now() - lastSuccessMs > unreachableTimeoutMs) options.onUnreachable(cause);
    }
  };
  const timer = setInterval(() => {
    if (runSerially.activeCount === 0) void runSerially(tick);
  }, options.periodSeconds * 1000);

  return {
    recordPhase: (probe) =>
      runSerially(write, (progress: JobProgress) => options.attemptStore.recordPhase(progress, probe)),
    async stop() {
      clearInterval(timer);
      await runSerially(() => undefined);
    },
  };
};
