import { Readable } from "node:stream";
import { DeleteObjectCommand, GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { ObjectReference, ObjectStore } from "../../pipeline/ports/object-store.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { toGrantParameters } from "./object-grants.ts";
import { createS3ObjectLookup, toS3Parameters } from "./object-lookup.ts";
import { encodeMetadata } from "./object-metadata.ts";
import { type UploadResult, upload } from "./object-upload.ts";
import { removeObjectVersions } from "./object-version-removal.ts";
import { toStoreFailure } from "./store-failure.ts";

/** Overwriting an object that was deleted returns 404 (Amazon S3 API reference, PutObject, If-Match). */
const toWriteFailure = (context: string, cause: unknown, isOverwrite: boolean): StoreFailure => {
  const failure = toStoreFailure(context, cause);
  return isOverwrite && failure.kind === "missing"
    ? new StoreFailure("precondition", failure.message, cause)
    : failure;
};

/** Creates the object store on Amazon S3. */
export const createS3ObjectStore = (client: S3Client): ObjectStore => {
  const lookup = createS3ObjectLookup(client);

  /**
   * Reads when S3 wrote a version, which only a HEAD request returns. Uses the local time if another writer has
   * replaced the version or the request fails, because the write itself succeeded.
   */
  const readModifiedAt = async ({ bucket, key }: ObjectReference, { etag, versionId }: UploadResult) => {
    const current = await lookup.head({ bucket, key }).catch(() => undefined);
    return current?.versionId === versionId && current?.etag === etag
      ? current.modifiedAt
      : new Date().toISOString();
  };

  return {
    ...lookup,
    async read(reference, range, signal) {
      try {
        const { Body: body } = await client.send(
          new GetObjectCommand({
            ...toS3Parameters(reference),
            IfMatch: reference.etag,
            Range: range === undefined ? undefined : `bytes=${range.start}-${range.end}`,
          }),
          { abortSignal: signal },
        );
        if (!(body instanceof Readable)) throw new StoreFailure("unknown", `${reference.key} has no body.`);
        return body;
      } catch (cause) {
        // The range begins after the last byte.
        if (cause instanceof Error && cause.name === "InvalidRange") return Readable.from([]);
        throw toStoreFailure(`Reading ${reference.key} in ${reference.bucket} failed`, cause);
      }
    },
    async write(reference, body, { condition, contentType, metadata = {}, storageClass, grants = [] }) {
      const { bucket, key } = reference;
      const isOverwrite = condition !== undefined && "etag" in condition;
      const target = {
        Bucket: bucket,
        Key: key,
        ContentType: contentType,
        Metadata: encodeMetadata(key, metadata),
        StorageClass: storageClass === "ReducedRedundancy" ? ("REDUCED_REDUNDANCY" as const) : undefined,
        ...toGrantParameters(grants),
        IfNoneMatch: condition !== undefined && "absent" in condition ? "*" : undefined,
        IfMatch: isOverwrite ? condition.etag : undefined,
      };
      let uploadResult: UploadResult;
      try {
        uploadResult = await upload(client, target, body);
      } catch (cause) {
        throw toWriteFailure(`Writing ${key} to ${bucket} failed`, cause, isOverwrite);
      }
      return {
        bucket,
        key,
        ...uploadResult,
        contentType,
        metadata,
        modifiedAt: await readModifiedAt(reference, uploadResult),
      };
    },
    removeVersions: (bucket, versions) => removeObjectVersions(client, bucket, versions),
    async remove({ bucket, key }, condition) {
      try {
        // Without a version id: with one, S3 would delete the version permanently.
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, IfMatch: condition?.etag }));
      } catch (cause) {
        const failure = toStoreFailure(`Deleting ${key} in ${bucket} failed`, cause);
        if (failure.kind !== "missing") throw failure;
      }
    },
  };
};
