import { DeleteObjectsCommand, type S3Client } from "@aws-sdk/client-s3";
import type { ObjectStore } from "../../pipeline/ports/object-store.ts";
import { toStoreFailure } from "./store-failure.ts";

/** Maximum number of objects in a request (Amazon S3 API reference, "DeleteObjects"). */
const maxDeletedObjects = 1000;

/** Deletes object versions permanently. A delete marker that is left alone expires by lifecycle. */
export const removeObjectVersions = async (
  client: S3Client,
  bucket: string,
  versions: Parameters<ObjectStore["removeVersions"]>[1],
): Promise<void> => {
  for (let start = 0; start < versions.length; start += maxDeletedObjects)
    try {
      const objects = versions
        .slice(start, start + maxDeletedObjects)
        // The version id of an object in a bucket without versions (Amazon S3 user guide, "How S3 Versioning works").
        .map(({ key, versionId = "null" }) => ({ Key: key, VersionId: versionId }));
      const { Errors: errors = [] } = await client.send(
        new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects, Quiet: true } }),
      );
      const [error] = errors.filter(({ Code: code }) => code !== "NoSuchKey" && code !== "NoSuchVersion");
      if (error !== undefined)
        throw Object.assign(new Error(`${error.Key}: ${error.Message ?? error.Code}`), { name: error.Code });
    } catch (cause) {
      throw toStoreFailure(`Deleting versions in ${bucket} failed`, cause);
    }
};
