import { DeleteObjectsCommand, ListObjectVersionsCommand, type S3Client } from "@aws-sdk/client-s3";
import { storeFailure } from "./failure.ts";

/** What became of a removal. */
export interface Removal {
  /** Versions and markers that are gone. */
  readonly removed: number;
  /** Those that S3 kept, and why. */
  readonly kept: readonly { readonly key: string; readonly versionId?: string; readonly why: string }[];
}

/**
 * Removes all that begins with a prefix for good: every version, and the markers of removed objects. Cannot be undone.
 *
 * @param prefix not empty: a whole bucket is never meant
 * @throws StoreFailure where the versions cannot be listed
 */
export const removeVersions = async (client: S3Client, bucket: string, prefix: string): Promise<Removal> => {
  if (prefix === "") throw new RangeError("A prefix is needed.");
  let removed = 0;
  const kept: Removal["kept"][number][] = [];
  let position: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
  while (position !== undefined) {
    try {
      // Keys are asked for as they are, not encoded: they go into the next request as they came.
      const page: Awaited<ReturnType<typeof listPage>> = await listPage(client, bucket, prefix, position);
      const found = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
      position =
        page.IsTruncated === true
          ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
          : undefined;
      if (found.length === 0) continue;
      const { Errors: errors = [] } = await client.send(
        new DeleteObjectsCommand({
          Bucket: bucket,
          Delete: {
            Objects: found.map(({ Key, VersionId }) => ({ Key: Key ?? "", VersionId })),
            Quiet: true,
          },
        }),
      );
      removed += found.length - errors.length;
      for (const { Key: key = "", VersionId: versionId, Code: code, Message: message } of errors)
        kept.push({
          key,
          ...(versionId === undefined ? {} : { versionId }),
          why: message ?? code ?? "S3 did not say why",
        });
    } catch (cause) {
      throw storeFailure(`Removing ${prefix}… from ${bucket} failed`, cause);
    }
  }
  return { removed, kept };
};

const listPage = (
  client: S3Client,
  bucket: string,
  prefix: string,
  position: { KeyMarker?: string; VersionIdMarker?: string },
) => client.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, ...position }));
