import { DeleteObjectsCommand, ListObjectVersionsCommand, type S3Client } from "@aws-sdk/client-s3";
import { toStoreFailure } from "./store-failure.ts";

/** What became of a removal. */
export interface RemovalResult {
  /** Versions and markers that are gone. */
  readonly removedCount: number;
  /** Those that S3 kept, and why. */
  readonly failures: readonly {
    readonly key: string;
    readonly versionId?: string;
    readonly reason: string;
  }[];
}

/**
 * Removes all that begins with a prefix for good: every version, and the markers of removed objects. Cannot be undone.
 *
 * @param prefix not empty: a whole bucket is never meant
 * @throws StoreFailure where the versions cannot be listed
 */
export const removeVersions = async (
  client: S3Client,
  bucket: string,
  prefix: string,
): Promise<RemovalResult> => {
  if (prefix === "") throw new RangeError("A prefix is needed.");
  let removedCount = 0;
  const failures: RemovalResult["failures"][number][] = [];
  let marker: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
  while (marker !== undefined) {
    try {
      // Keys are asked for as they are, not encoded: they go into the next request as they came.
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
          reason: message ?? code ?? "S3 did not say why",
        });
    } catch (cause) {
      throw toStoreFailure(`Removing ${prefix}… from ${bucket} failed`, cause);
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
