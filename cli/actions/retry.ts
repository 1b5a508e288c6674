import type { JobDocument } from "../../pipeline/api/job-document.ts";
import { type BulkOptions, changeJobs } from "./change-jobs.ts";

/** Options of `reelway retry`. */
export interface RetryOptions extends BulkOptions {
  readonly force?: true;
}

const findExclusion = ({ route, error }: JobDocument): string | undefined => {
  if (route === null) return "without a route: add the route and upload the files again";
  return error?.retryable === false ? "with a permanent error: --force retries them too" : undefined;
};

/** Retries a job and prints its status, or all failed jobs that match the filters. */
export const retry = (id: string | undefined, options: RetryOptions): Promise<void> => {
  const force = options.force === true;
  return changeJobs(id, options, {
    verb: "retry",
    participle: "retried",
    statuses: ["Error", "Canceled"],
    // Somebody canceled the others on purpose.
    defaultStatuses: ["Error"],
    ...(force ? {} : { findExclusion }),
    change: (client, jobId) => client.retry(jobId, force),
  });
};
