import { type BatchResponse, handleMessages } from "../../pipeline/events/messages.ts";
import { parseUploadEvents, UnreadableEvent, type UploadEvent } from "../../pipeline/events/upload.ts";
import { type ClaimPorts, claimUpload } from "../../pipeline/jobs/claim-upload.ts";
import type { StartPorts } from "../../pipeline/jobs/start-job.ts";

/** Some uploads of a message could not be claimed; the next delivery takes up where this one stopped. */
class UploadsLeft extends Error {
  constructor(failures: readonly unknown[]) {
    super(
      `${failures.length} upload(s) of the message could not be claimed: ${failures.map(String).join("; ")}`,
      {
        cause: failures[0],
      },
    );
    this.name = "UploadsLeft";
  }
}

const readable = (body: unknown): { uploads: readonly UploadEvent[]; failures: readonly unknown[] } => {
  try {
    return { uploads: parseUploadEvents(body), failures: [] };
  } catch (error) {
    if (error instanceof UnreadableEvent) return { uploads: error.readable, failures: [error] };
    throw error;
  }
};

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

  const routeMessage = async (body: unknown): Promise<void> => {
    const { uploads, failures } = readable(body);
    const results = await Promise.allSettled(uploads.map(route));
    const left = [...failures, ...results.flatMap((r) => (r.status === "rejected" ? [r.reason] : []))];
    if (left.length > 0) throw new UploadsLeft(left);
  };

  return (event) => handleMessages(event, ports.log, routeMessage);
};
