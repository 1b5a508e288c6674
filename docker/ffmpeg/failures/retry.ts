import pRetry, { type Options } from "p-retry";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { AttemptAborted } from "./attempt-aborted.ts";

/** Retries of a call with transient failures. The delay triples, with jitter. */
export interface RetryPolicy {
  readonly retries: number;
  /** Milliseconds before the first retry; jitter adds up to as many again. */
  readonly minDelayMs: number;
}

/** About a minute in total. */
export const defaultRetryPolicy: RetryPolicy = { retries: 7, minDelayMs: 50 };

const maxDelayMs = 30_000;

export const toRetryOptions = ({ retries, minDelayMs }: RetryPolicy) =>
  ({
    retries,
    minTimeout: minDelayMs,
    maxTimeout: maxDelayMs,
    factor: 3,
    randomize: true,
  }) satisfies Options;

export const getRetryPolicy = ({ retryPolicy }: { readonly retryPolicy?: RetryPolicy }): RetryPolicy =>
  retryPolicy ?? defaultRetryPolicy;

const isTransient = (cause: unknown): boolean => {
  if (cause instanceof AttemptAborted) return false;
  if (cause instanceof JobFailure) return cause.retryable;
  if (cause instanceof StoreFailure) return cause.kind === "transient" || cause.kind === "unknown";
  return true;
};

export interface RetryOptions {
  readonly policy: RetryPolicy;
  /** Ends the retries, also during a delay. */
  readonly signal?: AbortSignal;
}

/**
 * Retries an operation after transient failures. The operation must be safe to repeat, because only its response may
 * have been lost.
 *
 * @throws the last failure; the signal's reason
 */
export const retryTransient = <Result>(
  operation: () => Promise<Result>,
  { policy, signal }: RetryOptions,
): Promise<Result> =>
  pRetry(operation, {
    ...toRetryOptions(policy),
    ...(signal === undefined ? {} : { signal }),
    shouldRetry: ({ error }) => isTransient(error),
  });
