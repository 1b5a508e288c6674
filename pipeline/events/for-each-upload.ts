import { parseUploadEvents, UnreadableEvent, type UploadEvent } from "./upload.ts";

/** Some objects of a message were not dealt with; the next delivery takes up where this one stopped. */
class UploadBatchError extends Error {
  constructor(failures: readonly unknown[]) {
    super(
      `${failures.length} object(s) of the message could not be dealt with: ${failures.map(String).join("; ")}`,
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
 * Acts on every object a message tells of, side by side: one that fails, or a part of the message that cannot be
 * read, keeps none of the others back.
 *
 * @param message see `parseUploadEvents`
 * @throws UploadBatchError at the end, naming all that failed
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
