import pLimit from "p-limit";
import type { Logger } from "../../pipeline/ports/logger.ts";
import type { Queue } from "../../pipeline/ports/queue.ts";

export interface LocalQueue extends Queue {
  /** Resolves when the queue is empty and no message is being processed. */
  waitUntilIdle(): Promise<void>;
  close(): void;
}

/**
 * Creates an in-memory queue. It processes one message at a time and tries each up to five times. If messages are lost
 * with the process, the sweep and the reconciler recover their uploads and jobs, as on AWS.
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
        else log.error("Message dropped after 5 attempts", { error: cause });
      }
    });
  };
  return {
    async send(message, sendOptions) {
      // Serialized, so that later changes by the sender have no effect.
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
