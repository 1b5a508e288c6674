import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { StoreFailure } from "../../pipeline/ports/failure.ts";
import type { ObjectHead, ObjectReference, ObjectStore } from "../../pipeline/ports/object-store.ts";
import { storeFailure } from "./failure.ts";

/** Above this a file goes up in parts. */
const singleUploadBytes = 16 * 2 ** 20;

const address = ({ bucket, key, versionId }: ObjectReference) => ({
  Bucket: bucket,
  Key: key,
  VersionId: versionId,
});

/** S3 metadata is US-ASCII; anything else is percent-encoded. */
const encodeMetadata = (metadata: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => [
      name,
      /^[\x20-\x7e]*$/.test(value) ? value : encodeURIComponent(value),
    ]),
  );

/** Objects in Amazon S3. */
export const createS3ObjectStore = (client: S3Client): ObjectStore => {
  const head = async (reference: ObjectReference): Promise<ObjectHead | undefined> => {
    try {
      const found = await client.send(new HeadObjectCommand(address(reference)));
      return {
        bucket: reference.bucket,
        key: reference.key,
        versionId: found.VersionId,
        etag: found.ETag ?? "",
        bytes: found.ContentLength ?? 0,
        modifiedAt: (found.LastModified ?? new Date(0)).toISOString(),
        contentType: found.ContentType,
        metadata: found.Metadata ?? {},
      };
    } catch (cause) {
      const failure = storeFailure(`Looking at ${reference.key} of ${reference.bucket} failed`, cause);
      if (failure.kind === "missing") return undefined;
      throw failure;
    }
  };
  return {
    head,
    async read(reference, range, signal) {
      try {
        const { Body: body } = await client.send(
          new GetObjectCommand({
            ...address(reference),
            Range: range === undefined ? undefined : `bytes=${range.start}-${range.end}`,
          }),
          { abortSignal: signal },
        );
        if (!(body instanceof Readable)) throw new StoreFailure("unknown", `${reference.key} has no body.`);
        return body;
      } catch (cause) {
        throw storeFailure(`Reading ${reference.key} of ${reference.bucket} failed`, cause);
      }
    },
    async write(reference, body, options) {
      const { condition } = options;
      const request = {
        Bucket: reference.bucket,
        Key: reference.key,
        ContentType: options.contentType,
        Metadata: encodeMetadata(options.metadata),
        IfNoneMatch: condition !== undefined && "absent" in condition ? "*" : undefined,
        IfMatch: condition !== undefined && "etag" in condition ? condition.etag : undefined,
      };
      try {
        if ("text" in body) await client.send(new PutObjectCommand({ ...request, Body: body.text }));
        else {
          const { size } = await stat(body.file);
          const file = () => createReadStream(body.file);
          if (size <= singleUploadBytes)
            await client.send(new PutObjectCommand({ ...request, Body: file(), ContentLength: size }));
          else await new Upload({ client, params: { ...request, Body: file() } }).done();
        }
      } catch (cause) {
        throw storeFailure(`Writing ${reference.key} to ${reference.bucket} failed`, cause);
      }
      const written = await head({ bucket: reference.bucket, key: reference.key });
      if (written === undefined)
        throw new StoreFailure("missing", `${reference.key} vanished from ${reference.bucket}.`);
      return written;
    },
    async remove(reference) {
      try {
        await client.send(new DeleteObjectCommand(address(reference)));
      } catch (cause) {
        throw storeFailure(`Removing ${reference.key} of ${reference.bucket} failed`, cause);
      }
    },
    async *list(bucket, prefix) {
      try {
        for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix }))
          for (const found of page.Contents ?? [])
            yield {
              key: found.Key ?? "",
              etag: found.ETag ?? "",
              bytes: found.Size ?? 0,
              modifiedAt: (found.LastModified ?? new Date(0)).toISOString(),
              latest: true,
            };
      } catch (cause) {
        throw storeFailure(`Listing ${bucket} failed`, cause);
      }
    },
    async *listVersions(bucket, prefix) {
      try {
        let keyMarker: string | undefined;
        let versionMarker: string | undefined;
        for (let more = true; more; more = keyMarker !== undefined) {
          const page = await client.send(
            new ListObjectVersionsCommand({
              Bucket: bucket,
              Prefix: prefix,
              KeyMarker: keyMarker,
              VersionIdMarker: versionMarker,
            }),
          );
          keyMarker = page.IsTruncated === true ? page.NextKeyMarker : undefined;
          versionMarker = keyMarker === undefined ? undefined : page.NextVersionIdMarker;
          for (const found of page.Versions ?? [])
            yield {
              key: found.Key ?? "",
              versionId: found.VersionId,
              etag: found.ETag ?? "",
              bytes: found.Size ?? 0,
              modifiedAt: (found.LastModified ?? new Date(0)).toISOString(),
              latest: found.IsLatest ?? false,
            };
        }
      } catch (cause) {
        throw storeFailure(`Listing the versions of ${bucket} failed`, cause);
      }
    },
  };
};
