import type { JobsClient } from "../../pipeline/api/jobs-client.ts";
import { findRuntime, type RuntimeLocation } from "../../runtime/client.ts";

/** Where the jobs are: a stage, else a runtime. */
export interface JobsLocation extends RuntimeLocation {
  readonly stage?: string;
}

/** Opens the jobs of a stage, or of the runtime on this machine. @throws UserError for an unknown stage or no runtime */
export const openJobs = async (location: JobsLocation): Promise<JobsClient> =>
  location.stage === undefined
    ? findRuntime(location)
    : (await import("./stage-jobs.ts")).openStageJobs(location.stage);
