import type { JobProgress } from "../../pipeline/job/job.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import type { Log } from "../../pipeline/ports/services.ts";
import type { Ledger } from "../../pipeline/work/order.ts";

export interface HeartbeatOptions {
  readonly ledger: Ledger;
  readonly log: Log;
  readonly now: () => JobProgress;
  /** Told once, when the ledger says that the attempt is lost. */
  readonly onLost: () => void;
  /** Told once, when the ledger could not be reached for `silenceSeconds`. */
  readonly onSilence: (cause: unknown) => void;
  /** Milliseconds between two writes; under the two seconds that are promised. */
  readonly periodMs?: number;
  readonly silenceSeconds?: number;
}
export interface Heartbeat {
  /** Writes at once. False: the attempt is lost. Rejects where the ledger cannot be reached. */
  beat(probe?: Probe): Promise<boolean>;
  /** Stops writing and waits for a write under way. */
  stop(): Promise<void>;
}

/** Writes progress at least every two seconds, whether anything moves or not: it is the sign of life, too. */
export const startHeartbeat = (options: HeartbeatOptions): Heartbeat => {
  const silence = (options.silenceSeconds ?? 60) * 1000;
  let lastHeard = Date.now();
  let writing: Promise<unknown> = Promise.resolve();
  let busy = false;

  const write = async (probe?: Probe): Promise<boolean> => {
    const kept = await options.ledger.progress(options.now(), probe);
    lastHeard = Date.now();
    if (!kept) options.onLost();
    return kept;
  };
  const tick = async (): Promise<void> => {
    busy = true;
    try {
      await write();
    } catch (cause) {
      options.log.warn("Progress could not be written; it will be tried again", { cause: String(cause) });
      if (Date.now() - lastHeard > silence) options.onSilence(cause);
    } finally {
      busy = false;
    }
  };
  const timer = setInterval(() => {
    if (!busy) writing = tick();
  }, options.periodMs ?? 1500);

  return {
    async beat(probe) {
      await writing;
      return write(probe);
    },
    async stop() {
      clearInterval(timer);
      await writing;
    },
  };
};
