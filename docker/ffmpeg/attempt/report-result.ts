import pRetry from "p-retry";
import type { AttemptReport } from "../../../pipeline/attempts/report.ts";
import type { AttemptStore } from "../../../pipeline/jobs/attempt.ts";
import type { Logger } from "../../../pipeline/ports/logger.ts";
import { type RetryPolicy, toRetryOptions } from "../failures/retry.ts";

/**
 * Result of writing a report: it is in the record (`reported`), another worker holds the attempt or the job is closed
 * (`lost`), or the record is not reachable and may contain the report (`unknown`).
 */
export type ReportOutcome = "reported" | "lost" | "unknown";

/** True if both reports are successes or both are failures. */
const isSameOutcome = (a: AttemptReport, b: AttemptReport): boolean =>
  (a.error === undefined) === (b.error === undefined);

/**
 * Writes the report of an attempt. A response may be lost after a successful write, so a failed write is retried, and
 * the record is read before the attempt counts as lost.
 */
export const reportResult = async (
  { attemptStore, log }: { readonly attemptStore: AttemptStore; readonly log: Logger },
  report: AttemptReport,
  policy: RetryPolicy,
): Promise<ReportOutcome> =>
  pRetry<ReportOutcome>(
    async () => {
      if (await attemptStore.recordReport(report)) return "reported";
      const storedReport = await attemptStore.readReport();
      return storedReport !== undefined && isSameOutcome(storedReport, report) ? "reported" : "lost";
    },
    {
      ...toRetryOptions(policy),
      onFailedAttempt: ({ error, retriesLeft }) =>
        log.warn("Writing the attempt's report failed; the result is unknown", { error, retriesLeft }),
    },
  ).catch(() => "unknown");
