import type { UploadConditions, UploadSigner, UploadTarget } from "../../pipeline/ports/upload-signer.ts";
import type { MultipartUploads } from "./multipart-uploads.ts";
import type { UrlSigner } from "./url-signature.ts";

/** Path of the input bucket on the runtime's server, which accepts forms. */
export const uploadFormPath = "/input";
/** Path of the parts of multipart uploads on the runtime's server. */
export const uploadPartsPath = "/reelway/uploads";

const metadataPrefix = "x-amz-meta-";
const fieldNames = { key: "key", contentType: "Content-Type", maxBytes: "max-bytes" } as const;

/** Creates the upload signer of one machine. Its URLs are relative to the runtime's server. */
export const createLocalUploadSigner = (uploads: MultipartUploads, signer: UrlSigner): UploadSigner => ({
  async signUpload({ key, contentType, metadata }, { maxBytes, expirySeconds }) {
    const fields = {
      [fieldNames.key]: key,
      [fieldNames.contentType]: contentType,
      ...Object.fromEntries(
        Object.entries(metadata).map(([name, value]) => [`${metadataPrefix}${name}`, value]),
      ),
      [fieldNames.maxBytes]: String(maxBytes),
    };
    return {
      url: uploadFormPath,
      fields: signer.signParameters("POST", uploadFormPath, fields, expirySeconds),
    };
  },
  createMultipart: uploads.create,
  async signPart(upload, partNumber) {
    await uploads.assertExists(upload);
    return { url: signer.signUrl("PUT", `${uploadPartsPath}/${upload.uploadId}/${partNumber}`, {}) };
  },
  listParts: uploads.listParts,
  completeMultipart: uploads.complete,
  abortMultipart: uploads.abort,
});

/** Reads the fields of a form whose signature is valid. */
export const readUploadFields = (
  fields: URLSearchParams,
): UploadTarget & Pick<UploadConditions, "maxBytes"> => ({
  key: fields.get(fieldNames.key) ?? "",
  contentType: fields.get(fieldNames.contentType) ?? "",
  metadata: Object.fromEntries(
    [...fields]
      .filter(([name]) => name.startsWith(metadataPrefix))
      .map(([name, value]) => [name.slice(metadataPrefix.length), value]),
  ),
  maxBytes: Number(fields.get(fieldNames.maxBytes)),
});
