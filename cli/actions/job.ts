import { findRuntime, type RuntimeLocation } from "../../runtime/client.ts";
import { toJobDocument } from "../job-document.ts";
import { renderJobDetails } from "../render/job-details.ts";

/** Options of `reelway job`. */
export interface JobOptions extends RuntimeLocation {
  readonly json?: true;
}

/** Prints a job with its history. */
export const showJob = async (id: string, options: JobOptions): Promise<void> => {
  const listedJob = await (await findRuntime(options)).getJob(id);
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ ...toJobDocument(listedJob), history: listedJob.job.history, probe: listedJob.job.probe ?? null }, null, 2)}\n`
      : renderJobDetails(listedJob),
  );
};
