import { GetObjectCommand, HeadObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type {
  ObjectHead,
  ObjectReference,
  ObjectStore,
  VersionMarker,
  VersionPage,
} from "../../pipeline/ports/object-store.ts";
import { getHttpStatus } from "./aws-error.ts";
import { listObjects, listObjectVersionPages } from "./object-listing.ts";
import { decodeMetadata } from "./object-metadata.ts";
import { toStoreFailure } from "./store-failure.ts";

/** Converts an object reference to parameters of S3. */
export const toS3Parameters = ({ bucket, key, versionId }: ObjectReference) => ({
  Bucket: bucket,
  Key: key,
  VersionId: versionId,
});

async function* listVersionPages(
  client: S3Client,
  bucket: string,
  prefix: string,
  after?: VersionMarker,
): AsyncGenerator<VersionPage> {
  try {
    yield* listObjectVersionPages(client, bucket, prefix, after);
  } catch (cause) {
    throw toStoreFailure(`Listing the versions in ${bucket} failed`, cause);
  }
}

/**
 * A refused HEAD request has a status and no body. Reads one byte instead, whose error names the reason, e.g. the action
 * and the KMS key; the original error if that byte can be read.
 */
const findRefusal = async (
  client: S3Client,
  reference: ObjectReference,
  cause: unknown,
): Promise<unknown> => {
  const status = getHttpStatus(cause);
  if (status !== 400 && status !== 403) return cause;
  try {
    const { Body: body } = await client.send(
      new GetObjectCommand({ ...toS3Parameters(reference), Range: "bytes=0-0" }),
    );
    await body?.transformToByteArray();
    return cause;
  } catch (refusal) {
    return getHttpStatus(refusal) === undefined ? cause : refusal;
  }
};

/**
 * Creates the operations on Amazon S3 that do not read content. Most functions need only these, which keeps their
 * bundles small.
 */
export const createS3ObjectLookup = (
  client: S3Client,
): Pick<ObjectStore, "head" | "list" | "listVersions" | "listVersionPages"> => ({
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
      const failure = toStoreFailure(
        `Reading the metadata of ${reference.key} in ${reference.bucket} failed`,
        await findRefusal(client, reference, cause),
      );
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
    for await (const { versions } of listVersionPages(client, bucket, prefix)) yield* versions;
  },
  listVersionPages: (bucket, prefix, after) => listVersionPages(client, bucket, prefix, after),
});
