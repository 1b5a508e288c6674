import type { Limits } from "../configuration/configuration.ts";
import { JobFailure } from "../errors/job-error.ts";

/** The hour that a start counts in, e.g. `2026-11-21T03` (UTC). */
export const formatHour = (now: Date): string => now.toISOString().slice(0, 13);

/** What a job is told that came after the hour's last slot. */
export const buildHourlyLimitFailure = (limits: Limits, hour: string): JobFailure =>
  new JobFailure(
    4005,
    `The limit of ${limits.maxJobsPerHour} jobs an hour (maxJobsPerHour) was reached in the hour ${hour}:00 UTC. Retry the job later, or raise the limit.`,
    { retryable: true },
  );
