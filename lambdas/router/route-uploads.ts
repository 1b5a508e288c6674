import { forEachUpload } from "../../pipeline/events/each-upload.ts";
import { type BatchResponse, handleMessages } from "../../pipeline/events/messages.ts";
import type { UploadEvent } from "../../pipeline/events/upload.ts";
import { type ClaimPorts, claimUpload } from "../../pipeline/jobs/claim-upload.ts";
import type { StartPorts } from "../../pipeline/jobs/start-job.ts";

/**
 * The router: claims every upload an event tells of. Takes EventBridge's "Object Created", S3 notifications, and
 * either inside SQS messages, whose failures are answered one by one.
 */
export const createRouter = (
  ports: ClaimPorts & StartPorts,
): ((event: unknown) => Promise<BatchResponse>) => {
  const route = async (upload: UploadEvent): Promise<void> => {
    if (upload.bucket === ports.outputBucket) {
      ports.log.warn(
        "An event of the output bucket reached the router; its rule must name the input bucket",
        {
          bucket: upload.bucket,
        },
      );
      return;
    }
    const claim = await claimUpload(ports, upload, { triggers: "router" });
    if (claim.kind === "claimed")
      ports.log.info("Claimed an upload", {
        job: claim.job.id,
        route: claim.job.route,
        status: claim.job.status,
      });
  };

  return (event) => handleMessages(event, ports.log, (message) => forEachUpload(message, route));
};
