import { findRuntime, type RuntimeLocation } from "../../runtime/client.ts";
import { renderJobDetails } from "../render/job-details.ts";

/** Options of `reelway job`. */
export interface JobOptions extends RuntimeLocation {
  readonly json?: true;
}

/** Prints a job with its history. */
export const showJob = async (id: string, options: JobOptions): Promise<void> => {
  const job = await (await findRuntime(options)).getJob(id);
  process.stdout.write(options.json ? `${JSON.stringify(job, null, 2)}\n` : renderJobDetails(job));
};
