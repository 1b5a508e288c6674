import { type BatchResponse, handleMessages } from "../../pipeline/events/sqs-messages.ts";
import { parseFinishedJob } from "../../pipeline/jobs/finished-job.ts";
import type { Logger } from "../../pipeline/ports/logger.ts";
import type { OnJobFinished } from "./on-job-finished.ts";

export interface OnJobFinishedPorts {
  readonly log: Logger;
  /** The team's hook. */
  readonly onJobFinished: OnJobFinished;
}

/**
 * Creates the handler that calls the team's hook for every finished job. It accepts messages of the topic of finished
 * jobs in SQS messages (raw delivery), whose failures are reported individually.
 */
export const createOnJobFinishedHandler =
  ({ log, onJobFinished }: OnJobFinishedPorts): ((event: unknown) => Promise<BatchResponse>) =>
  (event) =>
    handleMessages(event, log, async (message) => {
      const job = parseFinishedJob(message);
      if (job === undefined) throw new Error("The message is not that of a finished job.");
      const { id, attempt, route } = job;
      // Without the status: lines with a status are counted as jobs (docs/operations.md, "Read the logs").
      log.info("Finished job received", { jobId: id, attempt, route });
      await onJobFinished(job);
    });
