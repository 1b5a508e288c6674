import { ListObjectVersionsCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import type { ObjectSummary, VersionMarker, VersionPage } from "../../pipeline/ports/object-store.ts";

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

/** Lists all versions in pages, ordered by key, newest first, without delete markers. */
export async function* listObjectVersionPages(
  client: S3Client,
  bucket: string,
  prefix: string,
  after?: VersionMarker,
): AsyncGenerator<VersionPage> {
  let marker = after;
  do {
    const page = await client.send(
      new ListObjectVersionsCommand({
        Bucket: bucket,
        Prefix: prefix,
        KeyMarker: marker?.key,
        VersionIdMarker: marker?.versionId,
        ...encoding,
      }),
    );
    const decode = createKeyDecoder(page.EncodingType);
    const nextKey = page.IsTruncated === true ? page.NextKeyMarker : undefined;
    marker =
      nextKey === undefined
        ? undefined
        : { key: decode(nextKey), versionId: page.NextVersionIdMarker || undefined };
    yield {
      versions: (page.Versions ?? []).map((version) => ({
        ...toSummaryFields(version, decode),
        versionId: version.VersionId,
        isLatest: version.IsLatest ?? false,
      })),
      next: marker,
    };
  } while (marker !== undefined);
}
