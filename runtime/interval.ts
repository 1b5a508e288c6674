import type { Logger } from "../pipeline/ports/logger.ts";
import { waitAtMost } from "./timeouts.ts";

/** Longest wait for a run on close, milliseconds. Each step is atomic, so a longer run may be abandoned. */
const closeTimeoutMs = 300;

/** A periodic function that can also be triggered; runs never overlap. */
export interface Interval {
  trigger(): void;
  /** Stops; waits up to 300 ms for the current run. */
  close(): Promise<void>;
}

/** Runs a function every `intervalSeconds`. A trigger during a run causes one more run. */
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
        if (!isClosed) log.warn(`The ${name} failed; it runs again at the next interval`, { error: cause });
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
