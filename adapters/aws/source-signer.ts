import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { SourceSigner } from "../../pipeline/ports/source-signer.ts";
import { toS3Parameters } from "./object-lookup.ts";

/** A header that makes a browser save a response under a name (RFC 6266, RFC 8187). Players ignore it. */
const buildContentDisposition = (fileName: string): string =>
  `attachment; filename*=UTF-8''${encodeURIComponent(fileName).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )}`;

/**
 * Creates the signer of presigned URLs of Amazon S3. A URL also ends with the credentials of the client, which a function
 * gets for some hours.
 */
export const createS3SourceSigner = (client: S3Client): SourceSigner => ({
  signUrl: (source, { fileName, expirySeconds }) =>
    getSignedUrl(
      client,
      new GetObjectCommand({
        ...toS3Parameters(source),
        // The origin of the bucket has no page, and an upload cannot become one.
        ResponseContentDisposition: buildContentDisposition(fileName),
      }),
      { expiresIn: expirySeconds },
    ),
});
