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
const singleUploadBytes = 16 * 2 ** 20;

/** What S3 said of an object it took. */
export interface Uploaded {
  readonly etag: string;
  readonly versionId?: string;
  readonly bytes: number;
}
type Target = Omit<PutObjectCommandInput, "Body" | "ContentLength">;

const putBytes = async (client: S3Client, target: Target, body: Uint8Array): Promise<Uploaded> => {
  // The length is given because the client leaves that of an empty body out.
  const put = new PutObjectCommand({ ...target, Body: body, ContentLength: body.length });
  const { ETag: etag = "", VersionId: versionId } = await client.send(put);
  return { etag, versionId, bytes: body.length };
};

const putParts = async (client: S3Client, target: Target, file: string, bytes: number): Promise<Uploaded> => {
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
  target: Target,
  body: { readonly file: string } | { readonly text: string },
): Promise<Uploaded> => {
  if ("text" in body) return putBytes(client, target, Buffer.from(body.text));
  const { size } = await stat(body.file);
  return size <= singleUploadBytes
    ? putBytes(client, target, await readFile(body.file))
    : putParts(client, target, body.file, size);
};
