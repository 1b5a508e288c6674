import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import {
  AbortMultipartUploadCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";

/** Above this a file goes up in parts; below, it is held in memory, so that the client can send it again. */
const multipartThresholdBytes = 16 * 2 ** 20;

/** What S3 said of an object it took. */
export interface UploadResult {
  readonly etag: string;
  readonly versionId?: string;
  readonly bytes: number;
}
type UploadTarget = Omit<PutObjectCommandInput, "Body" | "ContentLength">;

const putObject = async (client: S3Client, target: UploadTarget, body: Uint8Array): Promise<UploadResult> => {
  // The length is given because the client leaves that of an empty body out.
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
    // Upload itself leaves the parts where only the last step fails, as a condition that does not hold makes it.
    const { Bucket, Key } = target;
    if (upload.uploadId !== undefined)
      await client
        .send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: upload.uploadId }))
        // The bucket's lifecycle rule takes what is left; the first failure is the one to tell.
        .catch(() => undefined);
    throw cause;
  } finally {
    body.destroy();
  }
};

/** Sends a file or a text to S3; rejects with the client's own error, and leaves no parts behind then. */
export const upload = async (
  client: S3Client,
  target: UploadTarget,
  body: { readonly file: string } | { readonly text: string },
): Promise<UploadResult> => {
  if ("text" in body) return putObject(client, target, Buffer.from(body.text));
  const { size } = await stat(body.file);
  return size <= multipartThresholdBytes
    ? putObject(client, target, await readFile(body.file))
    : uploadMultipart(client, target, body.file, size);
};
