import { parseUploadEvents, UnreadableEvent, type UploadEvent } from "./upload.ts";

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
 * @param message see `parseUploadEvents`
 * @throws UploadBatchError after all uploads, with every failure
 */
export const forEachUpload = async (
  message: unknown,
  handle: (upload: UploadEvent) => Promise<void>,
): Promise<void> => {
  const { uploads, failures } = parseUploads(message);
  const results = await Promise.allSettled(uploads.map(handle));
  const errors = [...failures, ...results.flatMap((r) => (r.status === "rejected" ? [r.reason] : []))];
  if (errors.length > 0) throw new UploadBatchError(errors);
};
