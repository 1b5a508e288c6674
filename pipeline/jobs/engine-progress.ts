import { isTerminal } from "../attempts/job-status.ts";
import type { TranscoderJob } from "../elastic-transcoder/jobs/job.ts";
import type { Job } from "./job.ts";

/** How far a transcoder job is. */
export type EngineProgress = Pick<TranscoderJob, "status" | "progress" | "startedAt" | "probe">;

/**
 * A job on the transcoder's engine, as far as the transcoder's own job is.
 *
 * @param engineProgress that job; absent where it is not there yet
 */
export const withEngineProgress = (job: Job, engineProgress: EngineProgress | undefined): Job => {
  if (engineProgress === undefined) return job;
  const { status, progress, startedAt, probe } = engineProgress;
  return {
    ...job,
    ...(isTerminal(job.status) || isTerminal(status) ? {} : { status, progress }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(probe === undefined ? {} : { probe }),
  };
};
