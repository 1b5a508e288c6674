import type { AttemptRecord } from "./attempt-record.ts";
import { canHaveLeftoverOutputs } from "./leftover-outputs.ts";

/** Attempts of a job before it ends as Error, or before an operator retries it. */
export const defaultMaxAttempts = 3;

/** Attempts in all from which on an interrupted one counts, too: a job that brings its machine down must end. */
export const maxTotalAttempts = 30;

/**
 * True if an attempt that failed for a transient reason is followed by another. One more than the limit follows an
 * attempt that may have left outputs: no job ends as Error beside objects of its own.
 */
export const hasAttemptLeft = (
  record: Pick<AttemptRecord, "attempt" | "maxAttempts" | "progress" | "report">,
): boolean => record.attempt < record.maxAttempts + (canHaveLeftoverOutputs(record) ? 1 : 0);

/** Seconds before the next attempt: the base before the second, four times as long before each later one. */
export const computeBackoffSeconds = (
  { attempt, maxAttempts }: Pick<AttemptRecord, "attempt" | "maxAttempts">,
  baseSeconds: number,
): number => baseSeconds * 4 ** Math.max(0, attempt - (maxAttempts - defaultMaxAttempts) - 1);
