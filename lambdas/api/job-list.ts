import { toJobDocument } from "../../pipeline/api/job-document.ts";
import type { JobList } from "../../pipeline/api/job-list.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";
import type { JobQuery } from "../../pipeline/jobs/list-jobs.ts";
import { decodeCursor, encodeCursor } from "../../pipeline/ports/page-cursor.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { formatCreatedAtId } from "../../pipeline/ports/tables.ts";
import { type EncodedDocument, serializeDocument } from "./etag.ts";
import type { ApiJobs, ListedJobPage } from "./ports.ts";
import type { SharedRead } from "./shared-read.ts";
import { createSharedReads } from "./shared-reads.ts";

/** Maximum number of jobs in a page. */
export const maxListedJobs = 1000;

/** Lengths of the pages that are read. Another length is cut from the next longer page. */
const readSizes = [100, maxListedJobs];

/** Maximum number of documents cached per read. */
const maxCachedDocuments = 8;

/** The list of jobs; concurrent readers of a page share one read. */
export interface JobListReader {
  /** Returns a page. Its jobs are at most 300 ms old, or four times the duration of a read. */
  read(query: JobQuery): Promise<EncodedDocument>;
  /** Waits until the page's ETag differs from `knownEtag` or the signal is aborted; returns the current page. */
  waitForChange(query: JobQuery, knownEtag: string, signal: AbortSignal): Promise<EncodedDocument>;
  /** Makes later reads see all changes made before this call. */
  invalidate(): void;
}

interface Snapshot extends ListedJobPage {
  readonly engines: JobList["engines"];
  readonly documents: Map<number, EncodedDocument>;
}

/** Encodes the store's cursor for URLs. */
export const toApiCursor = (cursor: string): string => Buffer.from(cursor).toString("base64url");

/** Decodes a cursor of `toApiCursor`. @throws ProblemError `invalid-request` if it is not one */
export const fromApiCursor = (text: string): string => {
  const cursor = Buffer.from(text, "base64url").toString();
  try {
    decodeCursor(cursor);
    return cursor;
  } catch (cause) {
    if (!(cause instanceof StoreFailure)) throw cause;
    throw new ProblemError("invalid-request", cause.message, {
      errors: [{ parameter: "cursor", in: "query", detail: cause.message }],
    });
  }
};

const findNextCursor = ({ jobs, cursor }: ListedJobPage, limit: number): string | undefined => {
  const last = jobs.length > limit ? jobs[limit - 1] : undefined;
  return last === undefined ? cursor : encodeCursor(formatCreatedAtId(last.job));
};

/** Returns the page of a length; it is serialized once per snapshot. */
const getDocument = (snapshot: Snapshot, limit: number): EncodedDocument => {
  const { jobs, engines, documents } = snapshot;
  const cached = documents.get(limit);
  if (cached !== undefined) return cached;
  const cursor = findNextCursor(snapshot, limit);
  const list: JobList = {
    jobs: jobs.slice(0, limit).map(toJobDocument),
    cursor: cursor === undefined ? null : toApiCursor(cursor),
    engines,
  };
  const document = serializeDocument(list);
  if (documents.size >= maxCachedDocuments) documents.clear();
  documents.set(limit, document);
  return document;
};

/** Creates the reader. Reads of the same query never overlap. */
export const createJobListReader = (jobs: Pick<ApiJobs, "list" | "listEngines">): JobListReader => {
  const reads = createSharedReads(
    async (query: JobQuery): Promise<Snapshot> => ({
      ...(await jobs.list(query)),
      engines: [...jobs.listEngines()],
      documents: new Map(),
    }),
  );
  const findSharedRead = (query: JobQuery): SharedRead<Snapshot> => {
    const limit = readSizes.find((size) => query.limit <= size);
    if (limit === undefined)
      throw new RangeError(`A page has at most ${maxListedJobs} jobs, not ${query.limit}.`);
    return reads.find({ ...query, limit });
  };
  return {
    async read(query) {
      return getDocument(await findSharedRead(query).get(), query.limit);
    },
    async waitForChange(query, knownEtag, signal) {
      const shared = findSharedRead(query);
      let document = getDocument(await shared.get(), query.limit);
      while (document.etag === knownEtag && !signal.aborted) {
        const next = await shared.waitForNext(signal);
        if (next === undefined) break;
        document = getDocument(next, query.limit);
      }
      return document;
    },
    invalidate: reads.invalidate,
  };
};
