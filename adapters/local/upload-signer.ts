import type { UploadSigner } from "../../pipeline/ports/upload-signer.ts";
import type { MultipartUploads } from "./multipart-uploads.ts";
import type { UrlSigner } from "./url-signature.ts";

/** Path of signed uploads on the runtime's server. */
export const signedUploadsPath = "/reelway/uploads";

/** Creates the upload signer of one machine. Its URLs are relative to the runtime's server. */
export const createLocalUploadSigner = (uploads: MultipartUploads, signer: UrlSigner): UploadSigner => ({
  async signUpload({ key, contentType, metadata }, maxBytes) {
    const query = { key, contentType, metadata: JSON.stringify(metadata), maxBytes: String(maxBytes) };
    return {
      method: "PUT",
      url: signer.sign("PUT", signedUploadsPath, query),
      fields: {},
      headers: { "content-type": contentType },
    };
  },
  createMultipart: uploads.create,
  async signPart(upload, partNumber) {
    await uploads.assertExists(upload);
    return { url: signer.sign("PUT", `${signedUploadsPath}/${upload.uploadId}/${partNumber}`, {}) };
  },
  listParts: uploads.listParts,
  completeMultipart: uploads.complete,
  abortMultipart: uploads.abort,
});
