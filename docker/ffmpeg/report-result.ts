import pRetry from "p-retry";
import type { AttemptReport } from "../../pipeline/attempts/report.ts";
import type { AttemptStore } from "../../pipeline/jobs/attempt.ts";
import type { Logger } from "../../pipeline/ports/logger.ts";
import { type RetryPolicy, toRetryOptions } from "./retry.ts";

/**
 * What became of a report: the record holds it (`reported`), the attempt is another's or the job has ended (`lost`), or
 * the record could not be reached (`unknown`): it may hold the report all the same.
 */
export type ReportOutcome = "reported" | "lost" | "unknown";

/** True where two reports say the same of the attempt: that it succeeded, or that it failed. */
const isSameOutcome = (a: AttemptReport, b: AttemptReport): boolean =>
  (a.error === undefined) === (b.error === undefined);

/**
 * Writes the result of an attempt and finds out whether the record holds it. An answer may be lost after the write was
 * made, so a failure says nothing: the report is written again, and the record is read before it is called lost.
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
        log.warn("Whether the record holds the attempt's report is unknown", { error, retriesLeft }),
    },
  ).catch(() => "unknown");
