import { toObjectUrl } from "../pipeline/ports/object-url.ts";
import type { CompletedUpload, UploadTarget } from "../pipeline/ports/upload-signer.ts";
import type { Control } from "./control.ts";

/** Creates the function that stores the joined parts of a multipart upload. */
export const createUploadStore =
  ({ upload }: Pick<Control, "upload">) =>
  async (file: string, target: UploadTarget): Promise<CompletedUpload> => {
    const { bucket, key, jobId } = await upload(target.key, file, target.contentType, target.metadata);
    return { bucket, key, location: toObjectUrl("input", key), jobId };
  };
