import type { Log, Queue } from "../../pipeline/ports/services.ts";

export interface LocalQueue extends Queue {
  /** Settles when nothing is waiting or in work. */
  idle(): Promise<void>;
  close(): void;
}

/**
 * A queue in memory, one message at a time, each tried up to five times. What is lost with the process is
 * found again by the sweep and the reconciler, as on AWS.
 */
export const createLocalQueue = (
  handler: (message: unknown) => Promise<void>,
  log: Log,
  retrySeconds = 1,
): LocalQueue => {
  const timers = new Set<NodeJS.Timeout>();
  let tail: Promise<void> = Promise.resolve();
  let closed = false;

  const later = (text: string, seconds: number, tries: number): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      enqueue(text, tries);
    }, seconds * 1000);
    timers.add(timer);
  };
  const enqueue = (text: string, tries: number): void => {
    tail = tail.then(async () => {
      if (closed) return;
      try {
        await handler(JSON.parse(text));
      } catch (cause) {
        if (closed) return;
        if (tries < 5) later(text, retrySeconds * tries, tries + 1);
        else log.error("A message was given up after five tries", { cause: String(cause) });
      }
    });
  };
  return {
    async send(message, sendOptions) {
      // As a text, for a consumer gets what JSON keeps, and nothing of what the sender changes afterwards.
      const text = JSON.stringify(message);
      if (sendOptions?.delaySeconds === undefined) enqueue(text, 1);
      else later(text, sendOptions.delaySeconds, 1);
    },
    async idle() {
      await tail;
    },
    close() {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
};
