import type { JobSource } from "../attempts/source.ts";
import type { Limits } from "../configuration/configuration.ts";
import { JobFailure } from "../errors/job-error.ts";
import type { Route } from "../routing/route.ts";
import { buildRefusedJob } from "./build-job.ts";
import type { Job } from "./job.ts";
import type { JobPorts } from "./ports.ts";

const buildHourlyLimitFailure = (limits: Limits, hour: string): JobFailure =>
  new JobFailure(
    4005,
    `The limit of ${limits.maxJobsPerHour} jobs per hour (maxJobsPerHour) was reached in the hour from ${hour}:00 UTC. Retry the job later, or raise the limit.`,
    { retryable: true },
  );

/**
 * Counts a new job in its clock hour (UTC). Over `maxJobsPerHour`, returns it as Error 4005: no attempt follows, but an
 * operator can retry it without `--force`.
 */
export const applyHourlyLimit = async (
  { configuration, jobs, clock }: Pick<JobPorts, "configuration" | "jobs" | "clock">,
  job: Job,
  route: Route,
  source: JobSource,
): Promise<Job> => {
  const now = clock.now().toISOString();
  const hour = now.slice(0, 13);
  if (await jobs.takeHourlySlot(hour, configuration.limits.maxJobsPerHour)) return job;
  const failure = buildHourlyLimitFailure(configuration.limits, hour);
  const { ownerId, specification } = job;
  return buildRefusedJob(route, source, failure.toJobError(), { now, ownerId, specification });
};
