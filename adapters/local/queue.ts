import pLimit from "p-limit";
import type { Logger } from "../../pipeline/ports/logger.ts";
import type { Queue } from "../../pipeline/ports/queue.ts";

export interface LocalQueue extends Queue {
  /** Settles when nothing is waiting or in work. */
  waitUntilIdle(): Promise<void>;
  close(): void;
}

/**
 * A queue in memory, one message at a time, each tried up to five times. What is lost with the process is
 * found again by the sweep and the reconciler, as on AWS.
 */
export const createLocalQueue = (
  handler: (message: unknown) => Promise<void>,
  log: Logger,
  retryDelaySeconds = 1,
): LocalQueue => {
  const timers = new Set<NodeJS.Timeout>();
  const limit = pLimit(1);
  let isClosed = false;

  const enqueueAfter = (text: string, delaySeconds: number, receiveCount: number): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      enqueue(text, receiveCount);
    }, delaySeconds * 1000);
    timers.add(timer);
  };
  const enqueue = (text: string, receiveCount: number): void => {
    void limit(async () => {
      if (isClosed) return;
      try {
        await handler(JSON.parse(text));
      } catch (cause) {
        if (isClosed) return;
        if (receiveCount < 5) enqueueAfter(text, retryDelaySeconds * receiveCount, receiveCount + 1);
        else log.error("A message was given up after five tries", { error: cause });
      }
    });
  };
  return {
    async send(message, sendOptions) {
      // As a text, for a consumer gets what JSON keeps, and nothing of what the sender changes afterwards.
      const text = JSON.stringify(message);
      if (sendOptions?.delaySeconds === undefined) enqueue(text, 1);
      else enqueueAfter(text, sendOptions.delaySeconds, 1);
    },
    waitUntilIdle: () => limit(() => undefined),
    close() {
      isClosed = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
};
