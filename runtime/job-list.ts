import { createHash } from "node:crypto";
import type { ListedJob } from "./control.ts";
import { createSharedRead, type SharedRead } from "./shared-read.ts";

/** Maximum number of jobs in a list. */
export const maxListedJobs = 1000;

/** Lengths of the lists that are read. Another length is cut from the next longer list. */
const readSizes = [100, maxListedJobs];

/** Maximum number of pages cached per read. */
const maxCachedPages = 8;

/** The newest jobs as JSON. */
export interface JobListPage {
  readonly body: Uint8Array<ArrayBuffer>;
  /** Changes whenever the body does. */
  readonly etag: string;
}

/** The list of jobs; concurrent readers share one read. */
export interface JobList {
  /**
   * Returns the newest jobs. They are at most 300 ms old, or four times the duration of a read.
   *
   * @param limit 1 to 1000
   */
  read(limit: number): Promise<JobListPage>;
  /** Waits until the list's ETag differs from `knownEtag` or the signal is aborted; returns the current list. */
  waitForChange(limit: number, knownEtag: string, signal: AbortSignal): Promise<JobListPage>;
  /** Makes later reads see all changes made before this call. */
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

/** Returns the page of a length; it is serialized once per snapshot. */
const getPage = ({ jobs, details, pages }: Snapshot, limit: number): JobListPage => {
  const cached = pages.get(limit);
  if (cached !== undefined) return cached;
  const page = createPage({ jobs: jobs.slice(0, limit), ...details });
  if (pages.size >= maxCachedPages) pages.clear();
  pages.set(limit, page);
  return page;
};

/**
 * @param list reads the newest jobs; calls of the same length never overlap
 * @param details further fields of a page
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
