import type { AttemptRecord } from "./attempt-record.ts";
import { canHaveLeftoverOutputs } from "./leftover-outputs.ts";

/** Attempts before a job is closed as Error and only an operator can retry it. */
export const defaultMaxAttempts = 3;

/** From this many attempts on, interrupted ones count too, so that a job that crashes its host is closed. */
export const maxTotalAttempts = 300;

/**
 * True if another attempt follows a transient failure. An attempt that may have left outputs gets one more than the
 * limit, so that no job is closed as Error while its objects are in the output bucket.
 */
export const hasAttemptLeft = (
  record: Pick<AttemptRecord, "attempt" | "maxAttempts" | "progress" | "report">,
): boolean => record.attempt < record.maxAttempts + (canHaveLeftoverOutputs(record) ? 1 : 0);

/**
 * Seconds before the next attempt: the base before the second, then four times the previous delay. An operator's retry
 * and an interruption raise `maxAttempts`, so that the delays start again.
 */
export const computeBackoffSeconds = (
  { attempt, maxAttempts }: Pick<AttemptRecord, "attempt" | "maxAttempts">,
  baseSeconds: number,
): number => baseSeconds * 4 ** Math.max(0, attempt - (maxAttempts - defaultMaxAttempts) - 1);
