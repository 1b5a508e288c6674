import { ProblemError } from "../../pipeline/api/problem.ts";
import type { WaitLimits } from "./ports.ts";

const retryAfterSeconds = 5;

/** One waiting request. */
export interface WaitingRequest {
  /** Aborted when the client disconnects, the server stops, or the request has waited long enough. */
  readonly signal: AbortSignal;
  /** Must be called once, when the request no longer waits. */
  release(): void;
}

/** Counts the requests that wait for a change. */
export interface WaitingRequests {
  /**
   * @param client aborted when the client disconnects
   * @param timeoutMs longest wait; absent: no limit
   * @throws ProblemError `too-many-waiting-requests`
   */
  add(client: AbortSignal, timeoutMs?: number): WaitingRequest;
}

/** Creates the counter of waiting requests. */
export const createWaitingRequests = ({ maxWaitingRequests, signal }: WaitLimits): WaitingRequests => {
  let count = 0;
  return {
    add(client, timeoutMs) {
      if (count >= maxWaitingRequests)
        throw new ProblemError(
          "too-many-waiting-requests",
          `Too many requests wait for a change (limit ${maxWaitingRequests}). Try again in ${retryAfterSeconds} s.`,
          { headers: { "retry-after": String(retryAfterSeconds) } },
        );
      const stop = new AbortController();
      const abort = (): void => stop.abort();
      const timer = timeoutMs === undefined ? undefined : setTimeout(abort, timeoutMs);
      const signals = [client, signal];
      for (const one of signals) one.addEventListener("abort", abort);
      if (signals.some(({ aborted }) => aborted)) abort();
      count += 1;
      return {
        signal: stop.signal,
        release() {
          count -= 1;
          clearTimeout(timer);
          for (const one of signals) one.removeEventListener("abort", abort);
        },
      };
    },
  };
};
