import { createHash } from "node:crypto";
import type { ListedJob } from "./control.ts";
import { createSharedRead, type SharedRead } from "./shared-read.ts";

/** Most jobs of a list. */
export const maxListedJobs = 1000;

/** Numbers of jobs that are read. A list of another length is cut from the next longer one. */
const readSizes = [100, maxListedJobs];

/** Pages of different lengths that are kept of one read. */
const maxCachedPages = 8;

/** The newest jobs as JSON. */
export interface JobListPage {
  readonly body: Uint8Array<ArrayBuffer>;
  /** Changes whenever the body does. */
  readonly etag: string;
}

/** The list of jobs, for any number of readers at the cost of one. */
export interface JobList {
  /**
   * The newest jobs, as they were up to 300 ms ago, or four times as long ago as a read takes.
   *
   * @param limit 1 to 1000
   */
  read(limit: number): Promise<JobListPage>;
  /** Waits until the list differs from a known one, or the signal is aborted; answers the list as it then is. */
  waitForChange(limit: number, knownEtag: string, signal: AbortSignal): Promise<JobListPage>;
  /** Makes reads that begin after this call see what was changed before it. */
  invalidate(): void;
}

interface Snapshot {
  readonly jobs: readonly ListedJob[];
  readonly details: Readonly<Record<string, unknown>>;
  readonly pages: Map<number, JobListPage>;
}

const createPage = (document: Readonly<Record<string, unknown>>): JobListPage => {
  const body = new TextEncoder().encode(JSON.stringify(document));
  return { body, etag: `"${createHash("sha256").update(body).digest("hex").slice(0, 32)}"` };
};

/** The page of a length, serialised and hashed once a snapshot. */
const getPage = ({ jobs, details, pages }: Snapshot, limit: number): JobListPage => {
  const cached = pages.get(limit);
  if (cached !== undefined) return cached;
  const page = createPage({ jobs: jobs.slice(0, limit), ...details });
  if (pages.size >= maxCachedPages) pages.clear();
  pages.set(limit, page);
  return page;
};

/**
 * @param list reads the newest jobs; called for one length at a time, with pauses
 * @param details what a page holds beside the jobs
 */
export const createJobList = (
  list: (limit: number) => Promise<readonly ListedJob[]>,
  details: () => Readonly<Record<string, unknown>>,
): JobList => {
  const reads = readSizes.map((size) => ({
    size,
    read: createSharedRead(
      async (): Promise<Snapshot> => ({ jobs: await list(size), details: details(), pages: new Map() }),
    ),
  }));
  const findSharedRead = (limit: number): SharedRead<Snapshot> => {
    const match = reads.find(({ size }) => limit <= size);
    if (match === undefined) throw new RangeError(`A list has at most ${maxListedJobs} jobs, not ${limit}.`);
    return match.read;
  };
  return {
    async read(limit) {
      return getPage(await findSharedRead(limit).get(), limit);
    },
    async waitForChange(limit, knownEtag, signal) {
      const shared = findSharedRead(limit);
      let page = getPage(await shared.get(), limit);
      while (page.etag === knownEtag && !signal.aborted) {
        const next = await shared.waitForNext(signal);
        if (next === undefined) break;
        page = getPage(next, limit);
      }
      return page;
    },
    invalidate() {
      for (const { read } of reads) read.invalidate();
    },
  };
};
