import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import {
  AbortMultipartUploadCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import type { ObjectBody } from "../../pipeline/ports/object-store.ts";

/** Larger files are uploaded in parts. Smaller ones are held in memory, so that the client can retry. */
const multipartThresholdBytes = 16 * 2 ** 20;

/** S3's response to an upload. */
export interface UploadResult {
  readonly etag: string;
  readonly versionId?: string;
  readonly bytes: number;
}
type UploadTarget = Omit<PutObjectCommandInput, "Body" | "ContentLength">;

const putObject = async (client: S3Client, target: UploadTarget, body: Uint8Array): Promise<UploadResult> => {
  // The client omits ContentLength for an empty body, so it is set explicitly.
  const put = new PutObjectCommand({ ...target, Body: body, ContentLength: body.length });
  const { ETag: etag = "", VersionId: versionId } = await client.send(put);
  return { etag, versionId, bytes: body.length };
};

const uploadMultipart = async (
  client: S3Client,
  target: UploadTarget,
  file: string,
  bytes: number,
): Promise<UploadResult> => {
  const body = createReadStream(file);
  const upload = new Upload({ client, params: { ...target, Body: body }, leavePartsOnError: true });
  try {
    const { ETag: etag = "", VersionId: versionId } = await upload.done();
    return { etag, versionId, bytes };
  } catch (cause) {
    // Upload does not remove the parts if only the last step fails, e.g. because of a condition.
    const { Bucket, Key } = target;
    if (upload.uploadId !== undefined)
      await client
        .send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: upload.uploadId }))
        // The bucket's lifecycle rule removes the rest. The first failure is the one to report.
        .catch(() => undefined);
    throw cause;
  } finally {
    body.destroy();
  }
};

/** Uploads a file or a text to S3. Rejects with the client's error, after removing uploaded parts. */
export const upload = async (
  client: S3Client,
  target: UploadTarget,
  body: ObjectBody,
): Promise<UploadResult> => {
  if ("text" in body) return putObject(client, target, Buffer.from(body.text));
  const { size } = await stat(body.file);
  return size <= multipartThresholdBytes
    ? putObject(client, target, await readFile(body.file))
    : uploadMultipart(client, target, body.file, size);
};
