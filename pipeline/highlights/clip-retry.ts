import type { ClipRetry } from "./appearance.ts";

/** Longest time between two requests for a clip, minutes. */
const maxDelayMinutes = 6 * 60;
const secondsPerDay = 86_400;

/** Failures after which even one that may pass by itself is shown. */
const maxUnnoticedFailures = 3;

/** What becomes of a clip after a failed request: it is requested again later, or, after the retention, never. */
export type ClipFailure =
  | { readonly kind: "retry"; readonly retry: ClipRetry }
  | { readonly kind: "expired"; readonly reason: string };

interface FailedRequest {
  /** The one before; undefined for the first failure. */
  readonly before: ClipRetry | undefined;
  /** Of this failure. */
  readonly reason: string;
  /** Whether it may pass by itself. */
  readonly isTransient: boolean;
  /** Epoch seconds of the end of what the clip shows. */
  readonly endTime: number;
  readonly retentionDays: number;
}

/**
 * Decides when a clip whose request failed is requested again: after 1 minute, and twice as long after each further failure,
 * up to 6 hours. The segments of a channel expire after its retention.
 *
 * @param now epoch seconds
 */
export const planClipRetry = (
  { before, reason, isTransient, endTime, retentionDays }: FailedRequest,
  now: number,
): ClipFailure => {
  const failures = (before?.failures ?? 0) + 1;
  if (now >= endTime + retentionDays * secondsPerDay)
    return {
      kind: "expired",
      reason: `The clip was requested ${failures} times, until the retention of ${retentionDays} days ended. The last failure: ${reason}`,
    };
  const delayMinutes = Math.min(2 ** (failures - 1), maxDelayMinutes);
  return { kind: "retry", retry: { failures, notBefore: now + delayMinutes * 60, reason, isTransient } };
};

/** Whether a failed request is shown: one that an operator must correct at once, others if they do not pass. */
export const isClipProblem = ({ failures, isTransient }: ClipRetry): boolean =>
  !isTransient || failures >= maxUnnoticedFailures;
