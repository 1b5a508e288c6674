import pLimit from "p-limit";
import type { JobProgress } from "../../pipeline/attempts/report.ts";
import type { AttemptStore } from "../../pipeline/jobs/attempt.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import type { Logger } from "../../pipeline/ports/logger.ts";

export interface HeartbeatOptions {
  readonly attemptStore: AttemptStore;
  readonly log: Logger;
  readonly getProgress: () => JobProgress;
  /** Told once, when the attempt store says that the attempt is lost. */
  readonly onLost: () => void;
  /** Told once, when the attempt store could not be reached for `unreachableTimeoutSeconds`. */
  readonly onUnreachable: (cause: unknown) => void;
  /** Milliseconds between two writes; under the two seconds that are promised. */
  readonly periodMs?: number;
  readonly unreachableTimeoutSeconds?: number;
}
export interface Heartbeat {
  /** Writes at once. False: the attempt is lost. Rejects where the attempt store cannot be reached. */
  send(probe?: Probe): Promise<boolean>;
  /** Stops writing and waits for a write under way. */
  stop(): Promise<void>;
}

/** Writes progress at least every two seconds, whether anything moves or not: it is the sign of life, too. */
export const startHeartbeat = (options: HeartbeatOptions): Heartbeat => {
  const unreachableTimeoutMs = (options.unreachableTimeoutSeconds ?? 60) * 1000;
  let lastSuccessMs = Date.now();
  // One write at a time: of two that overtake each other the later percentage would refuse the earlier.
  const runSerially = pLimit(1);
  const write = async (probe?: Probe): Promise<boolean> => {
    const isCurrent = await options.attemptStore.recordProgress(options.getProgress(), probe);
    lastSuccessMs = Date.now();
    if (!isCurrent) options.onLost();
    return isCurrent;
  };
  const tick = async (): Promise<void> => {
    try {
      await write();
    } catch (cause) {
      options.log.warn("Progress could not be written; it will be tried again", { error: cause });
      if (Date.now() - lastSuccessMs > unreachableTimeoutMs) options.onUnreachable(cause);
    }
  };
  const timer = setInterval(() => {
    if (runSerially.activeCount === 0) void runSerially(tick);
  }, options.periodMs ?? 1500);

  return {
    send: (probe) => runSerially(write, probe),
    async stop() {
      clearInterval(timer);
      await runSerially(() => undefined);
    },
  };
};
