import { ListObjectVersionsCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import type { ObjectSummary } from "../../pipeline/ports/object-store.ts";

interface ListedObject {
  readonly Key?: string;
  readonly ETag?: string;
  readonly Size?: number;
  readonly LastModified?: Date;
}

/**
 * Keys are requested in encoded form, because XML does not support every character of a key: `%XX`, and `+` for a space
 * (Amazon S3 API reference, EncodingType).
 */
const encoding = { EncodingType: "url" } as const;
const createKeyDecoder =
  (encodingType: string | undefined) =>
  (text: string): string =>
    encodingType === "url" ? decodeURIComponent(text.replaceAll("+", " ")) : text;

const toSummaryFields = (object: ListedObject, decode: (text: string) => string) => ({
  key: decode(object.Key ?? ""),
  etag: object.ETag ?? "",
  bytes: object.Size ?? 0,
  modifiedAt: (object.LastModified ?? new Date(0)).toISOString(),
});

/** Lists current objects, ordered by key. */
export async function* listObjects(
  client: S3Client,
  bucket: string,
  prefix: string,
): AsyncGenerator<ObjectSummary> {
  const request = { Bucket: bucket, Prefix: prefix, ...encoding };
  for await (const page of paginateListObjectsV2({ client }, request)) {
    const decode = createKeyDecoder(page.EncodingType);
    for (const object of page.Contents ?? []) yield { ...toSummaryFields(object, decode), isLatest: true };
  }
}

/** Lists all versions, ordered by key, newest first, without delete markers. */
export async function* listObjectVersions(
  client: S3Client,
  bucket: string,
  prefix: string,
): AsyncGenerator<ObjectSummary> {
  let keyMarker: string | undefined;
  let versionMarker: string | undefined;
  do {
    const page = await client.send(
      new ListObjectVersionsCommand({
        Bucket: bucket,
        Prefix: prefix,
        KeyMarker: keyMarker,
        VersionIdMarker: versionMarker,
        ...encoding,
      }),
    );
    const decode = createKeyDecoder(page.EncodingType);
    for (const version of page.Versions ?? [])
      yield {
        ...toSummaryFields(version, decode),
        versionId: version.VersionId,
        isLatest: version.IsLatest ?? false,
      };
    const next = page.IsTruncated === true ? page.NextKeyMarker : undefined;
    keyMarker = next === undefined ? undefined : decode(next);
    versionMarker = next === undefined ? undefined : page.NextVersionIdMarker;
  } while (keyMarker !== undefined);
}
