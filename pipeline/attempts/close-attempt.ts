import { type JobError, needsAccess } from "../errors/job-error.ts";
import type { Clock } from "../ports/clock.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { TaskState } from "../ports/task-state.ts";
import type { AttemptRecord } from "./attempt-record.ts";
import { computeDeferral, getDeferralDelays, type Refusal } from "./deferral.ts";
import { isTerminal } from "./job-status.ts";
import type { NextAttemptOptions } from "./next-attempt.ts";
import type { AttemptReport } from "./report.ts";
import { computeBackoffSeconds, hasAttemptLeft, maxTotalAttempts } from "./retry-policy.ts";
import { buildWorkerLostError, classifyTaskOutcome } from "./task-outcome.ts";

/** Condition of a write that closes an attempt without a report: its worker may have written one in the meantime. */
export interface UnlessReported {
  readonly unlessReported: boolean;
}

/** The operations on a kind of job that closing an attempt needs. A write returns undefined if its condition fails. */
export interface AttemptLifecycle<Job extends AttemptRecord> {
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, "count">;
  /** Seconds before the second attempt. The delay before the third is four times as long. */
  readonly retryBackoffSeconds: number;
  read(id: string): Promise<Job | undefined>;
  scheduleNextAttempt(
    job: Job,
    notBefore: string,
    reason: string,
    options: NextAttemptOptions,
  ): Promise<Job | undefined>;
  /** Closes the job as Error and notifies. */
  closeFailed(job: Job, error: JobError, options: UnlessReported): Promise<Job | undefined>;
  /** Closes the job from a report without an error, and notifies. */
  closeReported(job: Job, report: AttemptReport): Promise<unknown>;
  /** Field of `taskSizes` for messages about memory. */
  getTaskSizeName(job: Job): string;
}

/** The transitions at the end of an attempt. They are the same for Reelway's jobs and the transcoder's. */
export interface AttemptCloser<Job extends AttemptRecord> {
  /**
   * Schedules the next attempt after a backoff. Closes the job as Error if the error is permanent or waits for an
   * operator, or no attempt is left.
   */
  fail(job: Job, error: JobError): Promise<void>;
  /**
   * Schedules the next attempt, and does not count this one: it was not started, or AWS took its task back. Closes the
   * job as Error after `maxRefusalSeconds` of refusals.
   */
  defer(job: Job, refusal: Refusal): Promise<void>;
  /** Closes the attempt from its worker's report. */
  closeByReport(job: Job, report: AttemptReport): Promise<void>;
  /**
   * Closes the attempt of a stopped task: from the worker's report if the record has one, else from the task's stop
   * reason. The task of an earlier attempt or of a closed job changes nothing.
   *
   * @param taskId the task recorded for the attempt, if any
   */
  closeByTask(job: Job, state: TaskState, taskId: string | undefined): Promise<void>;
}

/** Binds the transitions to a kind of job. */
export const createAttemptCloser = <Job extends AttemptRecord>(
  lifecycle: AttemptLifecycle<Job>,
): AttemptCloser<Job> => {
  /** Closes an attempt. A report that arrived after the record was read takes precedence. */
  const closeUnlessReported = async (
    job: Job,
    close: (options: UnlessReported) => Promise<Job | undefined>,
  ): Promise<void> => {
    const unlessReported = job.report === undefined;
    if ((await close({ unlessReported })) !== undefined || !unlessReported) return;
    const current = await lifecycle.read(job.id);
    if (current?.report === undefined || current.attempt !== job.attempt || isTerminal(current.status))
      return;
    await closeByReport(current, current.report);
  };

  const fail = async (job: Job, error: JobError): Promise<void> => {
    if (!error.retryable || needsAccess(error) || !hasAttemptLeft(job))
      return closeUnlessReported(job, (options) => lifecycle.closeFailed(job, error, options));
    const backoffMs = computeBackoffSeconds(job, lifecycle.retryBackoffSeconds) * 1000;
    const notBefore = new Date(lifecycle.clock.now().getTime() + backoffMs).toISOString();
    await closeUnlessReported(job, (options) =>
      lifecycle.scheduleNextAttempt(job, notBefore, error.message, options),
    );
  };

  const defer = async (job: Job, refusal: Refusal): Promise<void> => {
    if (refusal.cause === "interruption" && job.attempt >= maxTotalAttempts)
      return fail(job, buildWorkerLostError(refusal.reason));
    const decision = computeDeferral(
      job.deferral,
      refusal,
      lifecycle.clock.now(),
      getDeferralDelays(lifecycle.retryBackoffSeconds),
      Math.random(),
    );
    if (decision.kind === "expired") {
      lifecycle.metrics.count("JobsExpired");
      return closeUnlessReported(job, (options) =>
        lifecycle.closeFailed(job, decision.failure.toJobError(), options),
      );
    }
    lifecycle.metrics.count("JobsDeferred");
    const { deferral, notBefore } = decision;
    await closeUnlessReported(job, (options) =>
      lifecycle.scheduleNextAttempt(job, notBefore, refusal.reason, {
        maxAttempts: job.maxAttempts + 1,
        deferral,
        ...options,
      }),
    );
  };

  const closeByReport = async (job: Job, report: AttemptReport): Promise<void> => {
    if (report.error !== undefined) return fail(job, report.error);
    await lifecycle.closeReported(job, report);
  };

  const closeByTask = async (job: Job, state: TaskState, taskId: string | undefined): Promise<void> => {
    if (isTerminal(job.status)) return;
    const outcome = classifyTaskOutcome(state, lifecycle.getTaskSizeName(job));
    // A worker that receives SIGTERM reports a transient error.
    const isReportOfStop = outcome.kind === "taken" && job.report?.error?.retryable === true;
    if (job.report !== undefined && !isReportOfStop) return closeByReport(job, job.report);
    if (outcome.kind === "running") return;
    if (taskId !== undefined && taskId !== state.taskId) return;
    if (outcome.kind === "taken") return defer(job, outcome.refusal);
    if (outcome.kind !== "done") return fail(job, outcome.error);
    // A task that is not recorded may have exited because another worker holds the attempt.
    if (taskId === state.taskId) await fail(job, buildWorkerLostError("The worker exited without a report."));
  };

  return { fail, defer, closeByReport, closeByTask };
};
