import type { JobQuery } from "../jobs/list-jobs.ts";
import type { JobDetails } from "./job-document.ts";
import type { JobList } from "./job-list.ts";

/** Which jobs an operator selects; see `JobQuery`. */
export type JobFilter = Pick<JobQuery, "status" | "route" | "errorCode" | "createdFrom" | "createdBefore">;

/** A page of the job list to read. */
export interface JobPageQuery extends JobFilter {
  /** Maximum number of jobs, at most 1,000. A page can have fewer although a cursor follows. */
  readonly limit: number;
  /** Cursor of the previous page; absent: the first page. */
  readonly cursor?: string | undefined;
}

/** The jobs of a runtime or of a stage, as an operator sees them. All methods throw UserError if a request fails. */
export interface JobsClient {
  list(query: JobPageQuery): Promise<JobList>;
  get(id: string): Promise<JobDetails>;
  cancel(id: string): Promise<JobDetails>;
  retry(id: string, force: boolean): Promise<JobDetails>;
}
