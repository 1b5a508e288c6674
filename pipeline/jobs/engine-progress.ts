import { isTerminal } from "../attempts/job-status.ts";
import type { TranscoderJob } from "../elastic-transcoder/jobs/job.ts";
import type { Job } from "./job.ts";

/** Progress of a transcoder job. */
export type EngineProgress = Pick<TranscoderJob, "status" | "progress" | "startedAt" | "probe" | "updatedAt">;

/**
 * Adds the progress of its transcoder job to a job with the engine elastic-transcoder.
 *
 * @param engineProgress absent if the transcoder job does not exist yet
 */
export const withEngineProgress = (job: Job, engineProgress: EngineProgress | undefined): Job => {
  if (engineProgress === undefined) return job;
  const { status, progress, startedAt, probe, updatedAt } = engineProgress;
  return {
    ...job,
    ...(isTerminal(job.status) || isTerminal(status)
      ? {}
      : { status, progress, updatedAt: updatedAt > job.updatedAt ? updatedAt : job.updatedAt }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(probe === undefined ? {} : { probe }),
  };
};
