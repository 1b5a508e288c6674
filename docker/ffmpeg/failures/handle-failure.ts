import { exitCodes } from "../../../pipeline/attempts/exit-codes.ts";
import type { AttemptReport } from "../../../pipeline/attempts/report.ts";
import type { JobError } from "../../../pipeline/errors/job-error.ts";
import { JobFailure, needsAccess } from "../../../pipeline/errors/job-error.ts";
import type { AttemptStore } from "../../../pipeline/jobs/attempt.ts";
import { reportResult } from "../attempt/report-result.ts";
import type { WorkPorts } from "../attempt/work-ports.ts";
import type { OutputGroups } from "../outputs/output-groups.ts";
import { OutputCleanupError } from "../outputs/withdraw.ts";
import { AttemptAborted } from "./attempt-aborted.ts";
import { toExitCode, toJobFailure } from "./failure.ts";
import { getRetryPolicy } from "./retry.ts";

const toAbortExitCode = (aborted: AttemptAborted): number =>
  aborted.reason === "lost" ? exitCodes.ok : exitCodes.temporary;

/** Writes a failure into the record and returns its exit code. */
const reportFailure = async (
  ports: Pick<WorkPorts, "log" | "retryPolicy">,
  attemptStore: AttemptStore,
  failure: JobFailure,
  outputGroups: OutputGroups | undefined,
): Promise<number> => {
  const error: JobError = failure.toJobError();
  ports.log.error("Attempt failed", { error: failure });
  const groupReports =
    failure.retryable && !needsAccess(failure) ? undefined : outputGroups?.report([], failure);
  const report: AttemptReport = {
    outputs: [],
    warnings: [],
    error,
    ...(groupReports === undefined ? {} : { outputGroups: groupReports }),
  };
  const outcome = await reportResult({ attemptStore, log: ports.log }, report, getRetryPolicy(ports));
  return outcome === "lost" ? exitCodes.ok : toExitCode(failure);
};

/** Handles the failure of an attempt: writes it into the record if possible, and returns the exit code. */
export const handleFailure = async (
  ports: Pick<WorkPorts, "log" | "scratch" | "retryPolicy">,
  attemptStore: AttemptStore,
  cause: unknown,
  outputGroups: OutputGroups | undefined,
): Promise<number> => {
  if (cause instanceof OutputCleanupError) {
    // Without a report, the record shows that outputs may be left, so another attempt follows, even beyond the limit.
    ports.log.error("Attempt failed; its outputs could not be deleted. The next attempt deletes them", {
      error: cause,
    });
    return exitCodes.temporary;
  }
  if (cause instanceof AttemptAborted) {
    ports.log.info(cause.message);
    if (cause.reason !== "stopped") return toAbortExitCode(cause);
    return reportFailure(
      ports,
      attemptStore,
      new JobFailure(9001, "The worker was stopped before it finished.", { retryable: true }),
      outputGroups,
    );
  }
  return reportFailure(ports, attemptStore, toJobFailure(cause, ports.scratch), outputGroups);
};
