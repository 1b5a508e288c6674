import { type JobStatus, jobStatuses } from "../attempts/job-status.ts";
import type { JobSource } from "../attempts/source.ts";
import { encodeCursor } from "../ports/page-cursor.ts";
import { formatCreatedAtId } from "../ports/tables.ts";
import type { RecipeName } from "../recipes/recipe.ts";
import type { Engine } from "../routing/route.ts";
import type { Job } from "./job.ts";
import type { JobPage, JobStore } from "./job-store.ts";

/** Number of jobs read for one page, after which the page ends even if few of them match. */
const maxJobsRead = 1000;

/** Minimum number of jobs in one read of a filtered page. */
const minReadSize = 100;

/** A page of the job list to read. */
export interface JobQuery {
  /** Absent: all statuses. */
  readonly status?: JobStatus | undefined;
  /** Name of a route; absent: all jobs. */
  readonly route?: string | undefined;
  /** Absent: jobs of all engines. */
  readonly engine?: Engine | undefined;
  /** Id of the user that the jobs belong to; absent: all jobs. */
  readonly ownerId?: string | undefined;
  /** The upload; absent: all uploads. */
  readonly source?: Pick<JobSource, "bucket" | "key"> | undefined;
  /** Absent: all recipes. */
  readonly recipes?: readonly RecipeName[] | undefined;
  /** Code of the error; absent: all jobs. */
  readonly errorCode?: number | undefined;
  /** ISO 8601: only jobs created at this time or later. */
  readonly createdFrom?: string | undefined;
  /** ISO 8601: only jobs created before. */
  readonly createdBefore?: string | undefined;
  /** Part of the source's key, ignoring case. */
  readonly keyPart?: string | undefined;
  /** Maximum number of jobs. */
  readonly limit: number;
  /** Cursor of the previous page; absent: the first page. */
  readonly cursor?: string | undefined;
}

/** Builds the test for what the store does not filter; undefined if the store returns exactly the jobs of the query. */
const buildFilter = ({
  status,
  route,
  engine,
  ownerId,
  source,
  recipes,
  errorCode,
  createdFrom,
  createdBefore,
  keyPart,
}: JobQuery): ((job: Job) => boolean) | undefined => {
  const tests: ((job: Job) => boolean)[] = [];
  if (source !== undefined && ownerId !== undefined) tests.push((job) => job.ownerId === ownerId);
  if ((source !== undefined || ownerId !== undefined) && status !== undefined)
    tests.push((job) => job.status === status);
  if (route !== undefined) tests.push((job) => job.route === route);
  if (engine !== undefined) tests.push((job) => job.engine === engine);
  if (recipes !== undefined) tests.push(({ recipe }) => recipe !== null && recipes.includes(recipe));
  if (errorCode !== undefined) tests.push(({ error }) => error?.code === errorCode);
  if (createdFrom !== undefined)
    tests.push(({ createdAt }) => Date.parse(createdAt) >= Date.parse(createdFrom));
  if (createdBefore !== undefined)
    tests.push(({ createdAt }) => Date.parse(createdAt) < Date.parse(createdBefore));
  if (keyPart !== undefined) {
    const part = keyPart.toLowerCase();
    tests.push((job) => job.source.key.toLowerCase().includes(part));
  }
  return tests.length === 0 ? undefined : (job) => tests.every((test) => test(job));
};

/**
 * Number of jobs to read next: as many as will probably complete the page. A read of few jobs costs the store almost as
 * much as one of many.
 */
const computeReadSize = (limit: number, matchCount: number, readCount: number): number => {
  const remainingCount = maxJobsRead - readCount;
  const expectedCount =
    matchCount === 0 ? remainingCount : Math.ceil(((limit - matchCount) * 1.25 * readCount) / matchCount);
  return Math.min(Math.max(expectedCount, minReadSize), Math.max(remainingCount, minReadSize));
};

/** The cursor of a page that begins with the newest job created before a time. */
const toCursorBefore = (time: string): string =>
  // No id of a job has the character 0, which is less than all of theirs.
  encodeCursor(formatCreatedAtId({ createdAt: new Date(time).toISOString(), id: "0" }));

/**
 * Lists jobs, newest first. If the jobs must be filtered, a page can have fewer jobs than `limit`, or none, although a
 * cursor follows.
 *
 * @throws StoreFailure `invalid` if the cursor is not valid
 */
export const listJobs = async (
  store: Pick<JobStore, "list" | "listByOwner" | "listBySource">,
  query: JobQuery,
): Promise<JobPage> => {
  const { status, ownerId, source, limit, createdFrom, createdBefore } = query;
  const readPage = (cursor: string | undefined, size: number): Promise<JobPage> => {
    const options = { limit: size, ...(cursor === undefined ? {} : { cursor }) };
    if (source !== undefined) return store.listBySource(source, options);
    return ownerId === undefined
      ? store.list(status ?? jobStatuses, options)
      : store.listByOwner(ownerId, options);
  };
  const isMatch = buildFilter(query);
  const cursor = query.cursor ?? (createdBefore === undefined ? undefined : toCursorBefore(createdBefore));
  if (isMatch === undefined) return readPage(cursor, limit);
  /** True if all further jobs are older than the query's. */
  const isAfterLast = ({ jobs: read }: JobPage): boolean => {
    const oldest = read.at(-1);
    return (
      createdFrom !== undefined &&
      oldest !== undefined &&
      Date.parse(oldest.createdAt) < Date.parse(createdFrom)
    );
  };
  const jobs: Job[] = [];
  let page = await readPage(cursor, Math.max(limit, minReadSize));
  for (let readCount = page.jobs.length; ; readCount += page.jobs.length) {
    jobs.push(...page.jobs.filter(isMatch));
    const last = jobs[limit - 1];
    const next = isAfterLast(page) ? undefined : page.cursor;
    if (last !== undefined && (jobs.length > limit || next !== undefined))
      return { jobs: jobs.slice(0, limit), cursor: encodeCursor(formatCreatedAtId(last)) };
    if (next === undefined || readCount >= maxJobsRead)
      return { jobs, ...(next === undefined ? {} : { cursor: next }) };
    page = await readPage(next, computeReadSize(limit, jobs.length, readCount));
  }
};
