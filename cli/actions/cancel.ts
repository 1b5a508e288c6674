import { type BulkOptions, changeJobs } from "./change-jobs.ts";

/** Cancels a job and prints its status, or all open jobs that match the filters. */
export const cancel = (id: string | undefined, options: BulkOptions): Promise<void> =>
  changeJobs(id, options, {
    verb: "cancel",
    participle: "canceled",
    statuses: ["Submitted", "Progressing"],
    defaultStatuses: ["Submitted", "Progressing"],
    change: (client, jobId) => client.cancel(jobId),
  });
