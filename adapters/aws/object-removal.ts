import { DeleteObjectsCommand, ListObjectVersionsCommand, type S3Client } from "@aws-sdk/client-s3";
import { toStoreFailure } from "./store-failure.ts";

/** Result of a deletion. */
export interface RemovalResult {
  /** Deleted versions and delete markers. */
  readonly removedCount: number;
  /** Versions that S3 did not delete. */
  readonly failures: readonly {
    readonly key: string;
    readonly versionId?: string;
    readonly reason: string;
  }[];
}

/**
 * Permanently deletes everything under a prefix: all versions and delete markers. Cannot be undone.
 *
 * @param prefix not empty, so that a whole bucket is never deleted
 * @throws StoreFailure if a request to S3 fails
 */
export const removeVersions = async (
  client: S3Client,
  bucket: string,
  prefix: string,
): Promise<RemovalResult> => {
  if (prefix === "") throw new RangeError("The prefix must not be empty.");
  let removedCount = 0;
  const failures: RemovalResult["failures"][number][] = [];
  let marker: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
  while (marker !== undefined) {
    try {
      // Keys are requested without encoding, because they are used unchanged in the next request.
      const page: Awaited<ReturnType<typeof listPage>> = await listPage(client, bucket, prefix, marker);
      const versions = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
      marker =
        page.IsTruncated === true
          ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
          : undefined;
      if (versions.length === 0) continue;
      const { Errors: errors = [] } = await client.send(
        new DeleteObjectsCommand({
          Bucket: bucket,
          Delete: {
            Objects: versions.map(({ Key, VersionId }) => ({ Key: Key ?? "", VersionId })),
            Quiet: true,
          },
        }),
      );
      removedCount += versions.length - errors.length;
      for (const { Key: key = "", VersionId: versionId, Code: code, Message: message } of errors)
        failures.push({
          key,
          ...(versionId === undefined ? {} : { versionId }),
          reason: message ?? code ?? "S3 returned no reason",
        });
    } catch (cause) {
      throw toStoreFailure(`Deleting the objects under ${prefix} in ${bucket} failed`, cause);
    }
  }
  return { removedCount, failures };
};

const listPage = (
  client: S3Client,
  bucket: string,
  prefix: string,
  marker: { KeyMarker?: string; VersionIdMarker?: string },
) => client.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, ...marker }));
