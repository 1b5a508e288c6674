import { type JobDetails, type ListedJob, toJobDetails } from "../../pipeline/api/job-document.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";
import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import { type EncodedDocument, serializeDocument } from "./etag.ts";
import type { ApiJobs } from "./ports.ts";
import { createSharedRead, type SharedRead } from "./shared-read.ts";

/** A job's document with history and probe. */
export interface JobDetailsDocument extends EncodedDocument {
  readonly details: JobDetails;
}

/** Reads single jobs. */
export interface JobReader {
  /**
   * @param ownerId only the jobs of this user exist for the caller; undefined: all jobs
   * @throws ProblemError if no job, or more than one, has an id that begins with `idOrPrefix`
   */
  read(idOrPrefix: string, ownerId: string | undefined): Promise<JobDetailsDocument>;
  /**
   * Yields the current document, then one after every change, until the job's status is terminal, the job is deleted
   * or the signal is aborted. Concurrent callers for a job share its reads.
   */
  watch(first: JobDetailsDocument, signal: AbortSignal): AsyncGenerator<JobDetailsDocument>;
}

/**
 * Finds a job.
 *
 * @param ownerId only the jobs of this user exist for the caller; undefined: all jobs
 * @throws ProblemError if no job, or more than one, has an id that begins with `idOrPrefix`
 */
export const findJob = async (
  jobs: Pick<ApiJobs, "find">,
  idOrPrefix: string,
  ownerId: string | undefined,
): Promise<ListedJob> => {
  const result = await jobs.find(idOrPrefix, ownerId);
  switch (result.kind) {
    case "missing":
      throw new ProblemError("job-not-found", result.message);
    case "ambiguous":
      throw new ProblemError("ambiguous-job-id", result.message);
    case "job":
      return result;
  }
};

/** Creates the reader of single jobs. */
export const createJobReader = (jobs: Pick<ApiJobs, "find">): JobReader => {
  const reads = new Map<
    string,
    { readonly shared: SharedRead<JobDetailsDocument | undefined>; watchers: number }
  >();

  const read = async (idOrPrefix: string, ownerId: string | undefined): Promise<JobDetailsDocument> => {
    const details = toJobDetails(await findJob(jobs, idOrPrefix, ownerId));
    return { ...serializeDocument(details), details };
  };
  /** Reads a job for callers who have already read it; a job's owner never changes. */
  const readUnlessDeleted = (id: string): Promise<JobDetailsDocument | undefined> =>
    read(id, undefined).catch((cause: unknown) => {
      if (cause instanceof ProblemError && cause.problem.status === 404) return undefined;
      throw cause;
    });
  return {
    read,
    async *watch(first, signal) {
      const { id } = first.details;
      const entry = reads.get(id) ?? { shared: createSharedRead(() => readUnlessDeleted(id)), watchers: 0 };
      reads.set(id, entry);
      entry.watchers += 1;
      try {
        let current = first;
        yield current;
        while (!isTerminal(current.details.status)) {
          const next = await entry.shared.waitForNext(signal);
          if (next === undefined) return;
          if (next.etag === current.etag) continue;
          current = next;
          yield current;
        }
      } finally {
        entry.watchers -= 1;
        if (entry.watchers === 0) reads.delete(id);
      }
    },
  };
};
