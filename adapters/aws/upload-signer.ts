import { randomBytes } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  S3Client,
  type S3ClientConfig,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import {
  type CompletedUpload,
  type MultipartReference,
  type UploadedPart,
  UploadFailure,
  type UploadSigner,
} from "../../pipeline/ports/upload-signer.ts";
import { encodeMetadata } from "./object-metadata.ts";
import { toStoreFailure } from "./store-failure.ts";

/** Seconds for which a signed request may be sent. */
const defaultExpirySeconds = 3600;

/** Metadata by which a completed object is recognized as that of an upload. */
const uploadMetadataName = "reelway-upload";

/** An upload id of this adapter: the id of S3, which has no colon, and the value of the metadata. */
const uploadIdPattern = /^([^:]+):([\w-]{22})$/;

const createMissingError = (): UploadFailure =>
  new UploadFailure(
    "missing",
    "The upload does not exist for this key. It was completed, aborted or abandoned; start a new one.",
  );

const invalidPartsErrors = new Set([
  "InvalidPart",
  "InvalidPartOrder",
  "EntityTooSmall",
  "EntityTooLarge",
  "MalformedXML",
]);

const isNoSuchUpload = (cause: unknown): boolean => cause instanceof Error && cause.name === "NoSuchUpload";

const toFailure = (context: string, cause: unknown): Error => {
  if (cause instanceof UploadFailure) return cause;
  if (isNoSuchUpload(cause)) return createMissingError();
  if (cause instanceof Error && invalidPartsErrors.has(cause.name))
    return new UploadFailure("invalid-parts", cause.message);
  return toStoreFailure(context, cause);
};

/** Splits an upload id. @throws UploadFailure `missing` if no upload can have the id */
const parseUploadId = ({ uploadId }: MultipartReference) => {
  const [, s3UploadId, token] = uploadIdPattern.exec(uploadId) ?? [];
  if (s3UploadId === undefined || token === undefined) throw createMissingError();
  return { s3UploadId, token };
};

/**
 * Creates the upload signer of a bucket on Amazon S3. Clients send the bytes to S3 itself, by a POST form with a policy or
 * by presigned URLs of parts. An upload has a random id in the object's metadata, by which a repeated completion finds
 * the object: its ETag is no hash of the parts if it is encrypted with KMS (S3 API reference, "Object", ETag).
 */
export const createS3UploadSigner = (
  configuration: Pick<S3ClientConfig, "region" | "endpoint" | "credentials" | "maxAttempts">,
  bucket: string,
): UploadSigner => {
  // By default the client signs a checksum of the body with each URL, which it cannot know.
  const client = new S3Client({ ...configuration, requestChecksumCalculation: "WHEN_REQUIRED" });

  const getLocation = async (key: string): Promise<string> => {
    const url = new URL(await getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: key })));
    url.search = "";
    return url.href;
  };

  /** Returns the current version of a key if it is the object of an upload. */
  const findCompleted = async (
    key: string,
    token: string,
  ): Promise<{ readonly VersionId?: string | undefined } | undefined> => {
    try {
      const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      return head.Metadata?.[uploadMetadataName] === token ? head : undefined;
    } catch (cause) {
      const failure = toStoreFailure(`Reading the metadata of ${key} failed`, cause);
      if (failure.kind === "missing") return undefined;
      throw failure;
    }
  };

  return {
    async signUpload({ key, contentType, metadata }, { maxBytes, expirySeconds = defaultExpirySeconds }) {
      const { url, fields } = await createPresignedPost(client, {
        Bucket: bucket,
        Key: key,
        Expires: expirySeconds,
        // Each field is a condition as well.
        Fields: {
          "Content-Type": contentType,
          ...Object.fromEntries(
            Object.entries(encodeMetadata(key, metadata)).map(([name, value]) => [
              `x-amz-meta-${name}`,
              value,
            ]),
          ),
        },
        Conditions: [["content-length-range", 1, maxBytes]],
      });
      return { url, fields };
    },
    async createMultipart({ key, contentType, metadata }) {
      const token = randomBytes(16).toString("base64url");
      try {
        const { UploadId: uploadId } = await client.send(
          new CreateMultipartUploadCommand({
            Bucket: bucket,
            Key: key,
            ContentType: contentType,
            Metadata: encodeMetadata(key, { ...metadata, [uploadMetadataName]: token }),
          }),
        );
        return { uploadId: `${uploadId}:${token}` };
      } catch (cause) {
        throw toFailure(`Starting the upload of ${key} to ${bucket} failed`, cause);
      }
    },
    async signPart(upload, partNumber) {
      const { s3UploadId } = parseUploadId(upload);
      const part = new UploadPartCommand({
        Bucket: bucket,
        Key: upload.key,
        UploadId: s3UploadId,
        PartNumber: partNumber,
      });
      return { url: await getSignedUrl(client, part, { expiresIn: defaultExpirySeconds }) };
    },
    async listParts(upload) {
      const { s3UploadId } = parseUploadId(upload);
      const parts: UploadedPart[] = [];
      try {
        // The client's paginator ignores IsTruncated: the last page can have a marker too.
        for (let marker: string | undefined; ; ) {
          const page = await client.send(
            new ListPartsCommand({
              Bucket: bucket,
              Key: upload.key,
              UploadId: s3UploadId,
              PartNumberMarker: marker,
            }),
          );
          for (const { PartNumber = 0, ETag = "", Size = 0 } of page.Parts ?? [])
            parts.push({ partNumber: PartNumber, etag: ETag, bytes: Size });
          if (page.IsTruncated !== true) return parts;
          marker = page.NextPartNumberMarker;
        }
      } catch (cause) {
        throw toFailure(`Listing the parts of ${upload.key} failed`, cause);
      }
    },
    async completeMultipart(upload, parts): Promise<CompletedUpload> {
      const { s3UploadId, token } = parseUploadId(upload);
      const { key } = upload;
      const command = new CompleteMultipartUploadCommand({
        Bucket: bucket,
        Key: key,
        UploadId: s3UploadId,
        MultipartUpload: {
          Parts: parts.map(({ partNumber, etag }) => ({ PartNumber: partNumber, ETag: etag })),
        },
      });
      const { VersionId: versionId } = await client.send(command).catch(async (cause: unknown) => {
        // An earlier call, or an earlier attempt of this one whose response was lost, has completed it.
        const completed = isNoSuchUpload(cause) ? await findCompleted(key, token) : undefined;
        if (completed === undefined) throw toFailure(`Completing the upload of ${key} failed`, cause);
        return completed;
      });
      return {
        bucket,
        key,
        location: await getLocation(key),
        jobId: null,
        // "null" is the version in a bucket that keeps none (Amazon S3 user guide, "How S3 Versioning works").
        ...(versionId === undefined || versionId === "null" ? {} : { versionId }),
      };
    },
    async abortMultipart(upload) {
      const { s3UploadId } = parseUploadId(upload);
      try {
        await client.send(
          new AbortMultipartUploadCommand({ Bucket: bucket, Key: upload.key, UploadId: s3UploadId }),
        );
      } catch (cause) {
        throw toFailure(`Aborting the upload of ${upload.key} failed`, cause);
      }
    },
  };
};
