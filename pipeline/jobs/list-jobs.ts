import { type JobStatus, jobStatuses } from "../attempts/job-status.ts";
import { encodeCursor } from "../ports/page-cursor.ts";
import { formatCreatedAtId } from "../ports/tables.ts";
import type { Job } from "./job.ts";
import type { JobPage, JobStore } from "./job-store.ts";

/** Number of jobs read for one page, after which the page ends even if few of them are of the route. */
const maxJobsRead = 1000;

/** A page of the job list to read. */
export interface JobQuery {
  /** Absent: all statuses. */
  readonly status?: JobStatus | undefined;
  /** Name of a route; absent: all jobs. */
  readonly route?: string | undefined;
  /** Maximum number of jobs. */
  readonly limit: number;
  /** Cursor of the previous page; absent: the first page. */
  readonly cursor?: string | undefined;
}

/**
 * Lists jobs, newest first. With a route, a page can have fewer jobs than `limit`, or none, although a cursor follows.
 *
 * @throws StoreFailure `invalid` if the cursor is not valid
 */
export const listJobs = async (
  store: Pick<JobStore, "list">,
  { status, route, limit, cursor }: JobQuery,
): Promise<JobPage> => {
  const statuses = status ?? jobStatuses;
  const jobs: Job[] = [];
  let page = await store.list(statuses, { limit, ...(cursor === undefined ? {} : { cursor }) });
  if (route === undefined) return page;
  for (let readCount = page.jobs.length; ; readCount += page.jobs.length) {
    jobs.push(...page.jobs.filter((job) => job.route === route));
    const last = jobs[limit - 1];
    const next = page.cursor;
    if (last !== undefined && (jobs.length > limit || next !== undefined))
      return { jobs: jobs.slice(0, limit), cursor: encodeCursor(formatCreatedAtId(last)) };
    if (next === undefined || readCount >= maxJobsRead)
      return { jobs, ...(next === undefined ? {} : { cursor: next }) };
    page = await store.list(statuses, { limit, cursor: next });
  }
};
