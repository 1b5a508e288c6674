import { forEachUpload } from "../../pipeline/events/for-each-upload.ts";
import { type BatchResponse, handleMessages } from "../../pipeline/events/sqs-messages.ts";
import { parseFinishedJob } from "../../pipeline/jobs/finished-job.ts";
import { followUpload, type ResponseEventPorts } from "../../pipeline/responses/follow-upload.ts";

/**
 * Creates the handler that keeps responses in the state of their jobs. It accepts uploads (EventBridge's "Object Created"
 * of the input bucket, S3 notifications) and messages of the topic of finished jobs, directly or in SQS messages (raw
 * delivery), whose failures are reported individually.
 */
export const createResponseEventsHandler =
  (ports: ResponseEventPorts): ((event: unknown) => Promise<BatchResponse>) =>
  (event) =>
    handleMessages(event, ports.log, async (message) => {
      const job = parseFinishedJob(message);
      if (job === undefined) await forEachUpload(message, (upload) => followUpload(ports, upload));
      else await followUpload(ports, { bytes: 0, ...job.source }, job.id);
    });
