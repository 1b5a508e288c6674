import { HeadObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { ObjectHead, ObjectReference, ObjectStore } from "../../pipeline/ports/object-store.ts";
import { listObjects, listObjectVersions } from "./object-listing.ts";
import { decodeMetadata } from "./object-metadata.ts";
import { toStoreFailure } from "./store-failure.ts";

/** Where an object is in S3's terms. */
export const toS3Parameters = ({ bucket, key, versionId }: ObjectReference) => ({
  Bucket: bucket,
  Key: key,
  VersionId: versionId,
});

/**
 * What may be known of objects in Amazon S3 without reading them: all that most functions need, and small in their
 * bundles.
 */
export const createS3ObjectLookup = (
  client: S3Client,
): Pick<ObjectStore, "head" | "list" | "listVersions"> => ({
  async head(reference): Promise<ObjectHead | undefined> {
    try {
      const response = await client.send(new HeadObjectCommand(toS3Parameters(reference)));
      return {
        bucket: reference.bucket,
        key: reference.key,
        versionId: response.VersionId,
        etag: response.ETag ?? "",
        bytes: response.ContentLength ?? 0,
        modifiedAt: (response.LastModified ?? new Date(0)).toISOString(),
        contentType: response.ContentType,
        metadata: decodeMetadata(response.Metadata),
      };
    } catch (cause) {
      const failure = toStoreFailure(`Looking at ${reference.key} of ${reference.bucket} failed`, cause);
      if (failure.kind === "missing") return undefined;
      throw failure;
    }
  },
  async *list(bucket, prefix) {
    try {
      yield* listObjects(client, bucket, prefix);
    } catch (cause) {
      throw toStoreFailure(`Listing ${bucket} failed`, cause);
    }
  },
  async *listVersions(bucket, prefix) {
    try {
      yield* listObjectVersions(client, bucket, prefix);
    } catch (cause) {
      throw toStoreFailure(`Listing the versions of ${bucket} failed`, cause);
    }
  },
});
