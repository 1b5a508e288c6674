import { isTerminal } from "../attempts/job-status.ts";
import { hasAttemptLeft } from "../attempts/leftover-outputs.ts";
import type { AttemptReport } from "../attempts/report.ts";
import type { JobError } from "../errors/job-error.ts";
import { closeJob } from "./close-job.ts";
import type { Job } from "./job.ts";
import type { JobPorts } from "./ports.ts";

/** What ending an attempt takes. */
export type CloseAttemptPorts = Pick<
  JobPorts,
  "jobs" | "notifier" | "topic" | "log" | "clock" | "configuration"
>;

/**
 * Ends an attempt that was judged by a record; where the record had no report then and has one now, by the report.
 *
 * @param close the write that ends the attempt; undefined where it was refused
 */
const closeUnlessReported = async (
  ports: CloseAttemptPorts,
  job: Job,
  close: (options: { readonly unlessReported: boolean }) => Promise<Job | undefined>,
): Promise<void> => {
  const unlessReported = job.report === undefined;
  if ((await close({ unlessReported })) !== undefined || !unlessReported) return;
  const current = await ports.jobs.read(job.id);
  if (current?.report === undefined || current.attempt !== job.attempt || isTerminal(current.status)) return;
  await closeAttemptByReport(ports, current, current.report);
};

/** Ends an attempt in failure: the next attempt after a pause, or an Error when none is left or none can help. */
export const failAttempt = async (ports: CloseAttemptPorts, job: Job, error: JobError): Promise<void> => {
  if (error.retryable && hasAttemptLeft(job)) {
    const attemptsMade = job.attempt - (job.maxAttempts - 3);
    const backoffSeconds =
      ports.configuration.limits.retryBackoffSeconds * 4 ** Math.max(0, attemptsMade - 1);
    const notBefore = new Date(ports.clock.now().getTime() + backoffSeconds * 1000).toISOString();
    await closeUnlessReported(ports, job, (options) =>
      ports.jobs.scheduleNextAttempt(job.id, job.attempt, notBefore, error.message, options),
    );
    return;
  }
  const attemptsNote = error.retryable ? ` Tried ${job.attempt} times.` : "";
  await closeUnlessReported(ports, job, (options) =>
    closeJob(ports, job.id, job.attempt, {
      status: "Error",
      error: { ...error, message: `${error.message}${attemptsNote}` },
      detail: error.message,
      ...options,
    }),
  );
};

/** Attempts in all from which on an interrupted one is spent, too: a job that brings its machine down must end. */
export const maxTotalAttempts = 30;

/** Ends an attempt that was cut off by no fault of its own: the next follows at once, and the limit moves on. */
export const interruptAttempt = async (
  ports: CloseAttemptPorts,
  job: Job,
  error: JobError,
): Promise<void> => {
  if (job.attempt >= maxTotalAttempts) return failAttempt(ports, job, error);
  const now = ports.clock.now().toISOString();
  await closeUnlessReported(ports, job, (options) =>
    ports.jobs.scheduleNextAttempt(job.id, job.attempt, now, error.message, {
      maxAttempts: job.maxAttempts + 1,
      ...options,
    }),
  );
};

/** Ends an attempt by what its worker reported. */
export const closeAttemptByReport = async (
  ports: CloseAttemptPorts,
  job: Job,
  report: AttemptReport,
): Promise<void> => {
  if (report.error !== undefined) return failAttempt(ports, job, report.error);
  await closeJob(ports, job.id, job.attempt, {
    status: "Complete",
    outputs: report.outputs,
    detail: report.warnings.length === 0 ? "complete" : `complete, with ${report.warnings.join("; ")}`,
  });
};
