import type { Clock } from "../ports/clock.ts";
import {
  classifyDeadLetter,
  type DeadLetter,
  type DeadLetterAction,
  type DeadLetterQueue,
  getErrorCode,
} from "./dead-letters.ts";

/** The dead-letter queues of a stage. All methods throw StoreFailure. */
export interface DeadLetterStore {
  /** Approximate number of messages; undefined if the queue does not exist. */
  count(queue: string): Promise<number | undefined>;
  /** Receives up to ten messages and hides them for some minutes. */
  receive(queue: string): Promise<readonly DeadLetter[]>;
  /** Makes received messages visible again. */
  release(queue: string, messages: readonly DeadLetter[]): Promise<void>;
  send(queue: string, body: string): Promise<void>;
  remove(queue: string, message: DeadLetter): Promise<void>;
  /**
   * Lets the service move all messages to a queue, and waits for the end.
   *
   * @returns number of moved messages; undefined if the service cannot move messages of this queue
   */
  moveAll(queue: string, target: string, signal: AbortSignal): Promise<number | undefined>;
}

/** Ports for redriving. */
export interface RedrivePorts {
  readonly store: DeadLetterStore;
  readonly clock: Clock;
  /** Waits for some milliseconds. */
  readonly wait: (milliseconds: number) => Promise<unknown>;
}

/** Result for one queue. */
export interface RedriveResult {
  readonly queue: string;
  /** Messages by what was done, or in a dry run would be done. */
  readonly counts: Readonly<Record<DeadLetterAction["kind"], number>>;
  /** Messages by the error code that the sender added, those without one left out. */
  readonly errorCodes: Readonly<Record<string, number>>;
  /** Ids of the messages that were left because they are unknown. */
  readonly unknownIds: readonly string[];
}

/** Options of `redriveQueue`. */
export interface RedriveOptions {
  /** Reads and counts only. */
  readonly isDryRun: boolean;
  /** Maximum number of messages. @default all */
  readonly limit?: number;
  /** Ends the run after the current message. */
  readonly signal: AbortSignal;
}

/** Messages per second, so that a redrive leaves the router time for new uploads. */
const maxMessagesPerSecond = 50;

/** True if all messages that are received first were moved here by the target queue, and no service sent one. */
const isFilledByTarget = async (store: DeadLetterStore, queue: string, target: string): Promise<boolean> => {
  const sample = await store.receive(queue);
  await store.release(queue, sample);
  return (
    sample.length > 0 && sample.every(({ sourceQueueArn }) => sourceQueueArn?.endsWith(`:${target}`) === true)
  );
};

/**
 * Redrives a dead-letter queue: the service moves the messages of a queue that only its own queue has filled; else each
 * message is sent where it belongs, then deleted. A run that ends in between sends a message twice, but loses none.
 * Messages that arrive after the beginning, such as one that fails again, stay.
 */
export const redriveQueue = async (
  { store, clock, wait }: RedrivePorts,
  queue: DeadLetterQueue,
  { isDryRun, limit = Number.POSITIVE_INFINITY, signal }: RedriveOptions,
): Promise<RedriveResult> => {
  const { name } = queue;
  const startedAt = clock.now().toISOString();
  const counts = { requeue: 0, "direct-upload": 0, schedule: 0, unknown: 0 };
  const errorCodes: Record<string, number> = {};
  const unknownIds: string[] = [];
  const result = { queue: name, counts, errorCodes, unknownIds };
  if (
    queue.origin === "queue" &&
    !isDryRun &&
    limit === Number.POSITIVE_INFINITY &&
    (await isFilledByTarget(store, name, queue.target))
  ) {
    const movedCount = await store.moveAll(name, queue.target, signal);
    if (movedCount !== undefined) return { ...result, counts: { ...counts, requeue: movedCount } };
  }
  const kept = new Map<string, DeadLetter>();
  const act = async (message: DeadLetter, action: DeadLetterAction): Promise<void> => {
    if (action.kind === "requeue" || action.kind === "direct-upload")
      await store.send(action.target, action.body);
    await store.remove(name, message);
    kept.delete(message.id);
  };
  let handledCount = 0;
  try {
    while (handledCount < limit && !signal.aborted) {
      const messages = (await store.receive(name)).filter(({ id }) => !kept.has(id));
      if (messages.length === 0) break;
      // Released at the end, unless they are deleted.
      for (const message of messages) kept.set(message.id, message);
      for (const message of messages) {
        if (handledCount >= limit || signal.aborted) break;
        if (message.sentAt >= startedAt) continue;
        const action = classifyDeadLetter(message, queue);
        if (!isDryRun && action.kind !== "unknown") await act(message, action);
        handledCount += 1;
        counts[action.kind] += 1;
        const errorCode = getErrorCode(message);
        if (errorCode !== undefined) errorCodes[errorCode] = (errorCodes[errorCode] ?? 0) + 1;
        if (action.kind === "unknown") unknownIds.push(message.id);
      }
      if (!isDryRun) await wait((1000 * messages.length) / maxMessagesPerSecond);
    }
  } finally {
    if (kept.size > 0) await store.release(name, [...kept.values()]);
  }
  return result;
};
