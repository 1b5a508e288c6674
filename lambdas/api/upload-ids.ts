import type { Caller } from "../../pipeline/access/caller.ts";
import type { TextSigner } from "../../pipeline/access/text-signer.ts";
import { type MultipartReference, UploadFailure } from "../../pipeline/ports/upload-signer.ts";

/** Separates the storage's id from the signature; ids of Amazon S3 do not contain it. */
const separator = "~";

/**
 * Ids of multipart uploads as clients see them. The storage cannot tell who an incomplete upload belongs to (Amazon S3
 * does not return its metadata), so the id of a user's upload has a signature over the owner, the storage's id and the
 * key.
 */
export interface UploadIds {
  issue(upload: MultipartReference, caller: Caller): Promise<string>;
  /** Returns the storage's reference. @throws UploadFailure `missing` if the upload does not belong to the caller */
  resolve(upload: MultipartReference, caller: Caller): Promise<MultipartReference>;
}

/** Creates the ids of multipart uploads. */
export const createUploadIds = (signer: TextSigner): UploadIds => {
  const describe = ({ uploadId, key }: MultipartReference, ownerId: string): string =>
    JSON.stringify([ownerId, uploadId, key]);
  return {
    async issue(upload, { ownerId }) {
      return ownerId === undefined
        ? upload.uploadId
        : `${upload.uploadId}${separator}${await signer.sign(describe(upload, ownerId))}`;
    },
    async resolve({ uploadId, key }, { ownerId, isOperator }) {
      const [storageId = "", signature = ""] = uploadId.split(separator);
      const upload = { uploadId: storageId, key };
      // No upload has such a key (see planUpload), and Amazon S3 cannot read it.
      const isPossibleKey = !/[\p{Cc}\p{Cs}]/u.test(key);
      if (isOperator && isPossibleKey) return upload;
      if (ownerId !== undefined && (await signer.verify(describe(upload, ownerId), signature))) return upload;
      throw new UploadFailure(
        "missing",
        `Upload ${uploadId.slice(0, 40)} does not exist for this key. It was completed, aborted or abandoned; start a new one.`,
      );
    },
  };
};
