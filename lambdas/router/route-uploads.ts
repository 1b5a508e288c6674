import { forEachUpload } from "../../pipeline/events/for-each-upload.ts";
import { type BatchResponse, handleMessages } from "../../pipeline/events/sqs-messages.ts";
import type { UploadEvent } from "../../pipeline/events/upload.ts";
import { type ClaimPorts, claimUpload } from "../../pipeline/jobs/claim-upload.ts";
import type { JobPorts } from "../../pipeline/jobs/ports.ts";
import type { StartPorts } from "../../pipeline/jobs/start-job.ts";

/** Ports of the router. */
type RouterPorts = ClaimPorts & StartPorts & Pick<JobPorts, "inputBucket">;

/**
 * The router: claims every upload to the input bucket that an event tells of; other buckets' events are ignored. Takes EventBridge's "Object Created", S3 notifications, and
 * either inside SQS messages, whose failures are answered one by one.
 */
export const createRouter = (ports: RouterPorts): ((event: unknown) => Promise<BatchResponse>) => {
  const routeUpload = async (upload: UploadEvent): Promise<void> => {
    if (upload.bucket !== ports.inputBucket) {
      ports.log.warn("An event of another bucket is ignored; the rule must name the input bucket", {
        bucket: upload.bucket,
        inputBucket: ports.inputBucket,
        key: upload.key,
      });
      return;
    }
    const claim = await claimUpload(ports, upload, { triggers: "lambda" });
    if (claim.kind === "claimed")
      ports.log.info("Claimed an upload", {
        jobId: claim.job.id,
        route: claim.job.route,
        status: claim.job.status,
      });
  };

  return (event) => handleMessages(event, ports.log, (message) => forEachUpload(message, routeUpload));
};
