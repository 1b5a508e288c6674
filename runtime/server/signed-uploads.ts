import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Context, Hono } from "hono";
import type { MultipartUploads } from "../../adapters/local/multipart-uploads.ts";
import { readUploadFields, uploadFormPath, uploadPartsPath } from "../../adapters/local/upload-signer.ts";
import type { UrlSigner } from "../../adapters/local/url-signature.ts";
import { diskFullMessage } from "../../lambdas/api/problems.ts";
import { toUploadProblem } from "../../lambdas/api/uploads.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";
import { toObjectUrl } from "../../pipeline/ports/object-url.ts";
import { multipartLimits } from "../../pipeline/ports/upload-signer.ts";
import type { Control } from "../control.ts";
import { getContentLength, readBody } from "./request-body.ts";
import { receiveForm } from "./upload-form.ts";

interface SignedUploadsOptions {
  readonly control: Pick<Control, "isDiskFull" | "upload">;
  readonly uploads: MultipartUploads;
  readonly signer: UrlSigner;
  /** Folder for incomplete uploads. */
  readonly uploadStaging: string;
  /** Makes later lists of jobs include the upload. */
  readonly invalidateJobs: () => void;
}

/** Creates the HTTP API behind the URLs of the upload signer: POST of a form with a file, and PUT of a part. */
export const createSignedUploadsApi = (options: SignedUploadsOptions): Hono => {
  const { control, uploads, signer, uploadStaging, invalidateJobs } = options;
  const api = new Hono();

  const verify = ({ req }: Context, parameters: URLSearchParams): void => {
    const result = signer.verify(req.method, req.path, parameters);
    if (result === "expired")
      throw new ProblemError(
        "expired-url",
        "The URL or the form has expired. Request a new one and send the bytes again.",
      );
    if (result === "invalid")
      throw new ProblemError(
        "invalid-signature",
        "The signature does not match the URL or the fields of the form. Use them unchanged.",
      );
    if (control.isDiskFull()) throw new ProblemError("disk-full", diskFullMessage);
  };

  api.post(uploadFormPath, async (context) => {
    const path = join(uploadStaging, `${randomUUID()}.part`);
    try {
      const { key, contentType, metadata } = await receiveForm(context.req.raw, path, (fields) => {
        verify(context, fields);
        return readUploadFields(fields);
      });
      const { etag } = await control.upload(key, path, contentType, metadata);
      invalidateJobs();
      const location = new URL(toObjectUrl("input", key), context.req.url).href;
      return context.body(null, 204, { etag, location });
    } finally {
      await rm(path, { force: true });
    }
  });

  api.put(`${uploadPartsPath}/:uploadId/:partNumber`, async (context) => {
    verify(context, new URL(context.req.url).searchParams);
    const { uploadId, partNumber } = context.req.param();
    const contentLength = getContentLength(context.req.raw);
    if (contentLength !== undefined && contentLength > multipartLimits.maxPartBytes)
      throw new ProblemError(
        "body-too-large",
        `The part exceeds ${multipartLimits.maxPartBytes} bytes, the limit of a part.`,
      );
    try {
      const etag = await uploads.storePart(
        uploadId,
        Number(partNumber),
        () => readBody(context.req.raw),
        contentLength,
      );
      return context.body(null, 200, { etag });
    } catch (cause) {
      throw toUploadProblem(cause);
    }
  });
  return api;
};
