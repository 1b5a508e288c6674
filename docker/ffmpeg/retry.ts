import { setTimeout as pause } from "node:timers/promises";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { AttemptAborted } from "./attempt-aborted.ts";

/** Milliseconds between the tries of a call whose failure may pass: about a minute in all. */
export const defaultRetryDelaysMs: readonly number[] = [50, 200, 1000, 3000, 8000, 15_000, 30_000];

export const getRetryDelaysMs = ({
  retryDelaysMs = defaultRetryDelaysMs,
}: {
  readonly retryDelaysMs?: readonly number[];
}): readonly number[] => retryDelaysMs;

const isTransient = (cause: unknown): boolean => {
  if (cause instanceof AttemptAborted) return false;
  if (cause instanceof JobFailure) return cause.retryable;
  if (cause instanceof StoreFailure) return cause.kind === "transient" || cause.kind === "unknown";
  return true;
};

export interface RetryOptions {
  /** Milliseconds before each further try. */
  readonly delaysMs: readonly number[];
  /** Gives up between two tries. */
  readonly signal?: AbortSignal;
}

/**
 * Calls again what failed for a reason that may pass. Only for calls that are safe to repeat: the answer of one that
 * failed may just have been lost.
 *
 * @throws the last failure; the signal's reason
 */
export const retryTransient = async <Result>(
  operation: () => Promise<Result>,
  { delaysMs, signal }: RetryOptions,
): Promise<Result> => {
  for (const delayMs of delaysMs) {
    try {
      return await operation();
    } catch (cause) {
      if (!isTransient(cause)) throw cause;
      // A signal ends the pause early; its reason is thrown, not the pause's own error.
      await pause(delayMs, undefined, { signal }).catch(() => undefined);
      signal?.throwIfAborted();
    }
  }
  return operation();
};
