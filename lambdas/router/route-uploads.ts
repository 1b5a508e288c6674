import { forEachUpload } from "../../pipeline/events/for-each-upload.ts";
import { type BatchResponse, handleMessages } from "../../pipeline/events/sqs-messages.ts";
import type { UploadEvent, UploadTriggers } from "../../pipeline/events/upload.ts";
import { type ClaimPorts, claimUpload } from "../../pipeline/jobs/claim-upload.ts";
import { createRouteRegistration, type RegistryPorts } from "../../pipeline/jobs/route-registry.ts";
import type { StartPorts } from "../../pipeline/jobs/start-job.ts";

/** Ports of the router. */
type RouterPorts = ClaimPorts & StartPorts & RegistryPorts;

/**
 * Creates the router. It claims every upload to the input bucket and ignores events of other buckets. Before its first
 * claim, it registers the routes, so that the sweep claims later uploads whose event is lost. It accepts
 * EventBridge's "Object Created", S3 notifications, both also in an operator's `ClaimEnvelope`, and all of them in SQS
 * messages, whose failures are reported individually.
 */
export const createRouter = (ports: RouterPorts): ((event: unknown) => Promise<BatchResponse>) => {
  const registerOnce = createRouteRegistration(ports);
  const routeUpload = async (upload: UploadEvent, triggers: UploadTriggers): Promise<void> => {
    if (upload.bucket !== ports.inputBucket) {
      ports.log.warn("Ignored an event from another bucket; check the bucket in the EventBridge rule", {
        bucket: upload.bucket,
        inputBucket: ports.inputBucket,
        key: upload.key,
      });
      return;
    }
    await registerOnce();
    const claim = await claimUpload(ports, upload, { triggers });
    if (claim.kind === "claimed")
      ports.log.info("Upload claimed", {
        jobId: claim.job.id,
        route: claim.job.route,
        status: claim.job.status,
      });
  };

  return (event) => handleMessages(event, ports.log, (message) => forEachUpload(message, routeUpload));
};
