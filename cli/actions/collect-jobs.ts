import type { JobDocument } from "../../pipeline/api/job-document.ts";
import type { JobList } from "../../pipeline/api/job-list.ts";
import type { JobFilter, JobsClient } from "../../pipeline/api/jobs-client.ts";

/** Maximum number of jobs in a page. */
export const maxPageSize = 1000;

/** Options of a command that selects jobs. */
export interface JobFilterOptions extends Pick<JobFilter, "status" | "route" | "errorCode"> {
  /** ISO 8601. */
  readonly since?: string;
  /** ISO 8601. */
  readonly until?: string;
}

/** Converts the options of a command to a filter. */
export const toJobFilter = ({ status, route, errorCode, since, until }: JobFilterOptions): JobFilter => ({
  ...(status === undefined ? {} : { status }),
  ...(route === undefined ? {} : { route }),
  ...(errorCode === undefined ? {} : { errorCode }),
  ...(since === undefined ? {} : { createdFrom: since }),
  ...(until === undefined ? {} : { createdBefore: until }),
});

/** Reads pages until the list has `limit` jobs or all that match, newest first. */
export const collectJobs = async (
  client: Pick<JobsClient, "list">,
  filter: JobFilter,
  limit: number,
): Promise<Pick<JobList, "jobs" | "engines">> => {
  const jobs: JobDocument[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await client.list({
      ...filter,
      limit: Math.min(maxPageSize, limit - jobs.length),
      ...(cursor === undefined ? {} : { cursor }),
    });
    jobs.push(...page.jobs);
    if (page.cursor === null || jobs.length >= limit) return { jobs, engines: page.engines };
    cursor = page.cursor;
  }
};
