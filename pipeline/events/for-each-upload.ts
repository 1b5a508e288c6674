import {
  openClaimEnvelope,
  parseUploadEvents,
  UnreadableEvent,
  type UploadEvent,
  type UploadTriggers,
} from "./upload.ts";

/** Some uploads of a message failed. The next delivery of the message retries them. */
class UploadBatchError extends Error {
  constructor(failures: readonly unknown[]) {
    super(
      `Processing ${failures.length} object(s) of the message failed: ${failures.map(String).join("; ")}`,
      { cause: failures[0] },
    );
    this.name = "UploadBatchError";
  }
}

const parseUploads = (
  message: unknown,
): { readonly uploads: readonly UploadEvent[]; readonly failures: readonly unknown[] } => {
  try {
    return { uploads: parseUploadEvents(message), failures: [] };
  } catch (error) {
    if (error instanceof UnreadableEvent) return { uploads: error.uploads, failures: [error] };
    throw error;
  }
};

/**
 * Handles every upload of a message concurrently. A failure or an unreadable record does not stop the others.
 *
 * @param message see `parseUploadEvents`; also in a `ClaimEnvelope`
 * @param handle gets the upload, and `all` if the message is in an envelope
 * @throws UploadBatchError after all uploads, with every failure
 */
export const forEachUpload = async (
  message: unknown,
  handle: (upload: UploadEvent, triggers: UploadTriggers) => Promise<void>,
): Promise<void> => {
  const { event, triggers } = openClaimEnvelope(message);
  const { uploads, failures } = parseUploads(event);
  const results = await Promise.allSettled(uploads.map((upload) => handle(upload, triggers)));
  const errors = [...failures, ...results.flatMap((r) => (r.status === "rejected" ? [r.reason] : []))];
  if (errors.length > 0) throw new UploadBatchError(errors);
};
