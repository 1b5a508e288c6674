import { type AttemptCloser, createAttemptCloser } from "../attempts/close-attempt.ts";
import { closeJob } from "./close-job.ts";
import type { Job } from "./job.ts";
import type { JobPorts } from "./ports.ts";

/** Ports for closing an attempt. */
export type CloseAttemptPorts = Pick<
  JobPorts,
  "jobs" | "notifier" | "topic" | "log" | "metrics" | "clock" | "configuration"
>;

/** The transitions at the end of an attempt of a Reelway job. */
export const createJobAttemptCloser = (ports: CloseAttemptPorts): AttemptCloser<Job> =>
  createAttemptCloser<Job>({
    clock: ports.clock,
    metrics: ports.metrics,
    retryBackoffSeconds: ports.configuration.limits.retryBackoffSeconds,
    read: (id) => ports.jobs.read(id),
    scheduleNextAttempt: ({ id, attempt }, notBefore, reason, options) =>
      ports.jobs.scheduleNextAttempt(id, attempt, notBefore, reason, options),
    closeFailed: ({ id, attempt }, error, options) =>
      closeJob(ports, id, attempt, {
        status: "Error",
        error: {
          ...error,
          message: error.retryable ? `${error.message} Gave up after ${attempt} attempts.` : error.message,
        },
        detail: error.message,
        ...options,
      }),
    closeReported: ({ id, attempt }, { outputs, warnings }) =>
      closeJob(ports, id, attempt, {
        status: "Complete",
        outputs,
        detail: warnings.length === 0 ? "complete" : `complete, with ${warnings.join("; ")}`,
      }),
    getTaskSizeName: ({ recipe }) => recipe ?? "transcode",
  });
