import { createReadStream } from "node:fs";
import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { multipartLimits, type UploadTarget } from "../../pipeline/ports/upload-signer.ts";
import { encodeMetadata } from "./object-metadata.ts";
import { toStoreFailure } from "./store-failure.ts";

const minPartBytes = 16 * 2 ** 20;
/** Parts that are sent at the same time are in memory together. */
const maxBufferedBytes = 128 * 2 ** 20;
/** With the delays between them, attempts last about a minute. */
const maxAttempts = 8;

/** A file to upload. */
export interface LocalFile {
  readonly path: string;
  readonly bytes: number;
}

/** Uploads files of any size to a bucket, in parts. */
export interface FileUploads {
  /**
   * @param onProgress called with the number of bytes sent since the last call
   * @param signal stops the upload and removes its parts
   */
  upload(
    file: LocalFile,
    target: UploadTarget,
    onProgress: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<{ readonly etag: string; readonly versionId?: string | undefined }>;
}

/** Creates uploads with the credentials of this process. */
export const createFileUploads = (
  configuration: Pick<S3ClientConfig, "region" | "endpoint" | "credentials">,
  bucket: string,
): FileUploads => {
  const client = new S3Client({ ...configuration, maxAttempts });
  return {
    async upload(file, { key, contentType, metadata }, onProgress, signal) {
      const body = createReadStream(file.path);
      const partSize = Math.max(minPartBytes, Math.ceil(file.bytes / multipartLimits.maxParts));
      const stop = new AbortController();
      const abort = (): void => stop.abort(signal.reason);
      const upload = new Upload({
        client,
        params: {
          Bucket: bucket,
          Key: key,
          Body: body,
          ContentType: contentType,
          Metadata: encodeMetadata(key, metadata),
        },
        partSize,
        queueSize: Math.max(1, Math.floor(maxBufferedBytes / partSize)),
        abortController: stop,
      });
      let sentBytes = 0;
      upload.on("httpUploadProgress", ({ loaded = sentBytes }) => {
        onProgress(loaded - sentBytes);
        sentBytes = loaded;
      });
      if (signal.aborted) abort();
      signal.addEventListener("abort", abort);
      try {
        const { ETag: etag = "", VersionId: versionId } = await upload.done();
        return { etag, versionId };
      } catch (cause) {
        if (signal.aborted) throw signal.reason;
        throw toStoreFailure(`Uploading ${file.path} to ${bucket} failed`, cause);
      } finally {
        signal.removeEventListener("abort", abort);
        body.destroy();
      }
    },
  };
};
