import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import type { TranscoderJob } from "../../pipeline/elastic-transcoder/jobs/job.ts";
import { type EngineProgress, withEngineProgress } from "../../pipeline/jobs/engine-progress.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import { maxListedJobs } from "./job-list.ts";
import { createLruCache } from "./lru-cache.ts";

/**
 * Creates the function that takes the progress of a job on the transcoder engine from its transcoder job.
 *
 * @param readTranscoderJob reads a transcoder job by its id
 */
export const createProgressReader = (
  readTranscoderJob: (id: string) => Promise<TranscoderJob | undefined>,
): ((job: Job) => Promise<Job>) => {
  const terminalJobs = createLruCache<string, EngineProgress>(maxListedJobs);
  const readEngineProgress = async (id: string): Promise<EngineProgress | undefined> => {
    const cached = terminalJobs.get(id);
    if (cached !== undefined) return cached;
    const job = await readTranscoderJob(id);
    if (job === undefined) return undefined;
    const { status, progress, startedAt, probe, updatedAt } = job;
    const result = { status, progress, startedAt, probe, updatedAt };
    // A job that has ended never changes, so it is read once.
    if (isTerminal(status)) terminalJobs.set(id, result);
    return result;
  };
  return async (job) =>
    job.engine !== "elastic-transcoder" || job.engineJobId === undefined
      ? job
      : withEngineProgress(job, await readEngineProgress(job.engineJobId));
};
