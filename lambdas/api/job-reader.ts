import { type JobDetails, toJobDetails } from "../../pipeline/api/job-document.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";
import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import { type JsonDocument, serializeDocument } from "./etag.ts";
import type { ApiJobs } from "./ports.ts";
import { createSharedRead, type SharedRead } from "./shared-read.ts";

/** A job's document with history and probe. */
export interface JobDetailsDocument extends JsonDocument {
  readonly details: JobDetails;
}

/** Reads single jobs. */
export interface JobReader {
  /** @throws ProblemError if no job, or more than one, has an id that begins with `idOrPrefix` */
  read(idOrPrefix: string): Promise<JobDetailsDocument>;
  /**
   * Yields the current document, then one after every change, until the job's status is terminal or the signal is
   * aborted. Concurrent callers for a job share its reads.
   */
  watch(first: JobDetailsDocument, signal: AbortSignal): AsyncGenerator<JobDetailsDocument>;
}

/** Creates the reader of single jobs. */
export const createJobReader = (jobs: Pick<ApiJobs, "find">): JobReader => {
  const reads = new Map<string, { readonly shared: SharedRead<JobDetailsDocument>; watchers: number }>();

  const read = async (idOrPrefix: string): Promise<JobDetailsDocument> => {
    const result = await jobs.find(idOrPrefix);
    switch (result.kind) {
      case "missing":
        throw new ProblemError("job-not-found", result.message);
      case "ambiguous":
        throw new ProblemError("ambiguous-job-id", result.message);
      case "job": {
        const details = toJobDetails(result);
        return { ...serializeDocument(details), details };
      }
    }
  };
  return {
    read,
    async *watch(first, signal) {
      const { id } = first.details;
      const entry = reads.get(id) ?? { shared: createSharedRead(() => read(id)), watchers: 0 };
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
