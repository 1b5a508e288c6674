import { createS3UploadSigner } from "../../adapters/aws/upload-signer.ts";
import { CommandError, formatError } from "../../pipeline/errors/errors.ts";
import { computeJobId } from "../../pipeline/jobs/job-id.ts";
import { UploadFailure } from "../../pipeline/ports/upload-signer.ts";
import { matchRoute } from "../../pipeline/routing/match.ts";
import { getContentType } from "../../pipeline/uploads/content-type.ts";
import type { RuntimeClient } from "../../runtime/client.ts";
import { type MultipartClient, TransientError, uploadInParts } from "../../runtime/upload-in-parts.ts";
import { readDeployment } from "./deployment.ts";
import { createStageRequest } from "./stage-request.ts";

/** With the delays between them, attempts last about a minute. */
const maxAttempts = 8;
const concurrency = 8;

/** Statuses and error codes of Amazon S3 after which the same request may succeed (S3 API reference, "Error responses"). */
const transientStatuses = new Set([408, 429, 500, 502, 503, 504]);
const transientCodes = new Set(["RequestTimeout", "SlowDown", "InternalError", "ExpiredToken"]);

/** Sends a part to Amazon S3. */
const sendPart = async (url: string, init: RequestInit): Promise<Response> => {
  const response = await fetch(url, init).catch((cause: unknown) => {
    const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
    throw new TransientError(`Amazon S3 did not respond (${formatError(reason)}).`, { cause });
  });
  if (response.ok) return response;
  const body = await response.text();
  const [, code = ""] = /<Code>(.*?)<\/Code>/s.exec(body) ?? [];
  const [, reason = ""] = /<Message>(.*?)<\/Message>/s.exec(body) ?? [];
  const message = `Amazon S3 refused a part with status ${response.status}: ${code} ${reason}`.trim();
  throw transientStatuses.has(response.status) || transientCodes.has(code)
    ? new TransientError(message)
    : new CommandError(message);
};

/** Opens uploads to a stage's input bucket, with AWS credentials. @throws UsageError for an unknown stage */
export const openStageUploads = async (
  stage: string,
): Promise<Pick<RuntimeClient, "upload"> & { readonly destination: string }> => {
  const { configuration, deployment } = await readDeployment(stage);
  const { inputBucket: bucket, region } = deployment;
  const request = createStageRequest({ stage, region });
  const signer = createS3UploadSigner({ region, maxAttempts }, bucket);
  const client: MultipartClient = {
    create: async (target) => ({ ...(await signer.createMultipart(target)), key: target.key }),
    listParts: (upload) =>
      signer.listParts(upload).catch((cause: unknown) => {
        if (cause instanceof UploadFailure) return undefined;
        throw cause;
      }),
    signPart: signer.signPart,
    sendPart,
    complete: signer.completeMultipart,
    abort: signer.abortMultipart,
  };
  return {
    destination: `s3://${bucket}`,
    async upload(file, metadata, options) {
      const { key } = file;
      const target = { contentType: getContentType(key), metadata };
      const { versionId } = await request(() =>
        uploadInParts(client, file, target, { concurrency, ...options }),
      );
      const match = matchRoute(configuration, key);
      // Without versions, the id contains a value of the event that S3 sends.
      const jobId =
        match.kind === "ignored" || versionId === undefined
          ? null
          : computeJobId({ bucket, key, versionId }, match.kind === "route" ? match.route.name : null);
      return { location: `s3://${bucket}/${key}`, bucket, key, jobId };
    },
  };
};
