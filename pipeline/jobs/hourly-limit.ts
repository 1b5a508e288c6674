import type { Limits } from "../configuration/configuration.ts";
import { JobFailure } from "../errors/job-error.ts";

/** The clock hour (UTC) in which a job counts, e.g. `2026-11-21T03`. */
export const formatHour = (now: Date): string => now.toISOString().slice(0, 13);

/** Error of a job over the hourly limit. */
export const buildHourlyLimitFailure = (limits: Limits, hour: string): JobFailure =>
  new JobFailure(
    4005,
    `The limit of ${limits.maxJobsPerHour} jobs per hour (maxJobsPerHour) was reached in the hour from ${hour}:00 UTC. Retry the job later, or raise the limit.`,
    { retryable: true },
  );
