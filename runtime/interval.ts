import type { Logger } from "../pipeline/ports/logger.ts";
import { waitAtMost } from "./timeouts.ts";

/** A run is left behind that takes longer: each of its steps is whole in itself, and the next start runs again. */
const closeTimeoutMs = 300;

/** Something done again and again, and at once when kicked; never twice at the same time. */
export interface Interval {
  trigger(): void;
  /** Settles when a run under way is over, or has taken too long. */
  close(): Promise<void>;
}

/** Runs `act` every so many seconds. A kick during a run makes one more follow. */
export const startInterval = (
  name: string,
  intervalSeconds: number,
  run: () => Promise<unknown>,
  log: Logger,
): Interval => {
  let running: Promise<void> | undefined;
  let shouldRunAgain = false;
  let isClosed = false;
  const runUntilIdle = async (): Promise<void> => {
    do {
      shouldRunAgain = false;
      try {
        await run();
      } catch (cause) {
        if (!isClosed) log.warn(`The ${name} failed; it runs again`, { error: cause });
      }
    } while (shouldRunAgain && !isClosed);
  };
  const trigger = (): void => {
    if (isClosed) return;
    if (running !== undefined) {
      shouldRunAgain = true;
      return;
    }
    running = runUntilIdle().finally(() => {
      running = undefined;
    });
  };
  const timer = setInterval(trigger, intervalSeconds * 1000);
  return {
    trigger,
    async close() {
      isClosed = true;
      clearInterval(timer);
      if (running !== undefined) await waitAtMost(running, closeTimeoutMs);
    },
  };
};
