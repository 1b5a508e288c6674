import { isTerminal } from "../attempts/job-status.ts";
import { hasAttemptLeft } from "../attempts/left-outputs.ts";
import type { WorkReport } from "../attempts/report.ts";
import type { JobError } from "../errors/job-error.ts";
import { finishJob } from "./finish-job.ts";
import type { Job } from "./job.ts";
import type { JobPorts } from "./ports.ts";

/** What ending an attempt takes. */
export type EndPorts = Pick<JobPorts, "jobs" | "notifier" | "topic" | "log" | "clock" | "configuration">;

/**
 * Ends an attempt that was judged by a record; where the record had no report then and has one now, by the report.
 *
 * @param end the write that ends the attempt; undefined where it was refused
 */
const endUnlessReported = async (
  ports: EndPorts,
  job: Job,
  end: (options: { readonly unlessReported: boolean }) => Promise<Job | undefined>,
): Promise<void> => {
  const unlessReported = job.report === undefined;
  if ((await end({ unlessReported })) !== undefined || !unlessReported) return;
  const now = await ports.jobs.read(job.id);
  if (now?.report === undefined || now.attempt !== job.attempt || isTerminal(now.status)) return;
  await endByReport(ports, now, now.report);
};

/** Ends an attempt in failure: the next attempt after a pause, or an Error when none is left or none can help. */
export const failAttempt = async (ports: EndPorts, job: Job, error: JobError): Promise<void> => {
  if (error.retryable && hasAttemptLeft(job)) {
    const done = job.attempt - (job.attemptLimit - 3);
    const pause = ports.configuration.limits.retryBackoffSeconds * 4 ** Math.max(0, done - 1);
    const notBefore = new Date(ports.clock.now().getTime() + pause * 1000).toISOString();
    await endUnlessReported(ports, job, (options) =>
      ports.jobs.nextAttempt(job.id, job.attempt, notBefore, error.message, options),
    );
    return;
  }
  const tried = error.retryable ? ` Tried ${job.attempt} times.` : "";
  await endUnlessReported(ports, job, (options) =>
    finishJob(ports, job.id, job.attempt, {
      status: "Error",
      error: { ...error, message: `${error.message}${tried}` },
      detail: error.message,
      ...options,
    }),
  );
};

/** Attempts in all from which on an interrupted one is spent, too: a job that brings its machine down must end. */
export const mostAttempts = 30;

/** Ends an attempt that was cut off by no fault of its own: the next follows at once, and the limit moves on. */
export const interruptAttempt = async (ports: EndPorts, job: Job, error: JobError): Promise<void> => {
  if (job.attempt >= mostAttempts) return failAttempt(ports, job, error);
  const now = ports.clock.now().toISOString();
  await endUnlessReported(ports, job, (options) =>
    ports.jobs.nextAttempt(job.id, job.attempt, now, error.message, {
      attemptLimit: job.attemptLimit + 1,
      ...options,
    }),
  );
};

/** Ends an attempt by what its worker reported. */
export const endByReport = async (ports: EndPorts, job: Job, report: WorkReport): Promise<void> => {
  if (report.error !== undefined) return failAttempt(ports, job, report.error);
  await finishJob(ports, job.id, job.attempt, {
    status: "Complete",
    outputs: report.outputs,
    detail: report.warnings.length === 0 ? "complete" : `complete, with ${report.warnings.join("; ")}`,
  });
};
