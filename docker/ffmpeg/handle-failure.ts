import { exitCodes } from "../../pipeline/attempts/exit-codes.ts";
import type { AttemptReport } from "../../pipeline/attempts/report.ts";
import type { JobError } from "../../pipeline/errors/job-error.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { AttemptStore } from "../../pipeline/jobs/attempt.ts";
import { AttemptAborted } from "./attempt-aborted.ts";
import { toExitCode, toJobFailure } from "./failure.ts";
import type { OutputGroups } from "./output-groups.ts";
import { reportResult } from "./report-result.ts";
import { getRetryDelaysMs } from "./retry.ts";
import { OutputCleanupError } from "./withdraw.ts";
import type { WorkPorts } from "./work-ports.ts";

const toAbortExitCode = (aborted: AttemptAborted): number =>
  aborted.reason === "lost" ? exitCodes.ok : exitCodes.temporary;

/** Writes a failure into the record, and answers the exit code that says the same. */
const reportFailure = async (
  ports: Pick<WorkPorts, "log" | "retryDelaysMs">,
  attemptStore: AttemptStore,
  failure: JobFailure,
  outputGroups: OutputGroups | undefined,
): Promise<number> => {
  const error: JobError = failure.toJSON();
  ports.log.error("The attempt failed", { ...error });
  const groupReports = failure.retryable ? undefined : outputGroups?.report([], failure);
  const report: AttemptReport = {
    outputs: [],
    warnings: [],
    error,
    ...(groupReports === undefined ? {} : { outputGroups: groupReports }),
  };
  const outcome = await reportResult({ attemptStore, log: ports.log }, report, getRetryDelaysMs(ports));
  return outcome === "lost" ? exitCodes.ok : toExitCode(failure);
};

/** Ends an attempt that did not succeed: by the record where there is one, and by the exit code. */
export const handleFailure = async (
  ports: Pick<WorkPorts, "log" | "scratch" | "retryDelaysMs">,
  attemptStore: AttemptStore,
  cause: unknown,
  outputGroups: OutputGroups | undefined,
): Promise<number> => {
  if (cause instanceof OutputCleanupError) {
    // Without a report the record says that outputs may be left, so another attempt follows, even beyond the limit.
    ports.log.error("The attempt failed, and the next one must remove its outputs", { cause: cause.message });
    return exitCodes.temporary;
  }
  if (cause instanceof AttemptAborted) {
    ports.log.info(cause.message);
    if (cause.reason !== "stopped") return toAbortExitCode(cause);
    return reportFailure(
      ports,
      attemptStore,
      new JobFailure(9001, "The worker was told to stop before it was done.", { retryable: true }),
      outputGroups,
    );
  }
  return reportFailure(ports, attemptStore, toJobFailure(cause, ports.scratch), outputGroups);
};
