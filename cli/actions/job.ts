import { renderJobDetails } from "../render/job-details.ts";
import { type JobsLocation, openJobs } from "./open-jobs.ts";

/** Options of `reelway job`. */
export interface JobOptions extends JobsLocation {
  readonly json?: true;
}

/** Prints a job with its history. */
export const showJob = async (id: string, options: JobOptions): Promise<void> => {
  const job = await (await openJobs(options)).get(id);
  process.stdout.write(options.json ? `${JSON.stringify(job, null, 2)}\n` : renderJobDetails(job));
};
