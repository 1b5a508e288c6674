import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Context, Hono } from "hono";
import type { MultipartUploads } from "../../adapters/local/multipart-uploads.ts";
import type { UrlSigner } from "../../adapters/local/url-signature.ts";
import { diskFullMessage } from "../../lambdas/api/problems.ts";
import { toUploadProblem } from "../../lambdas/api/uploads.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";
import { multipartLimits } from "../../pipeline/ports/upload-signer.ts";
import * as z from "../../pipeline/schema/z.ts";
import { parseJson } from "../../pipeline/text/parse-json.ts";
import type { Control } from "../control.ts";
import { getContentLength, readBody } from "./request-body.ts";

interface SignedUploadsOptions {
  readonly control: Pick<Control, "isDiskFull" | "upload">;
  readonly uploads: MultipartUploads;
  readonly signer: UrlSigner;
  /** Folder for incomplete uploads. */
  readonly uploadStaging: string;
  /** Makes later lists of jobs include the upload. */
  readonly invalidateJobs: () => void;
}

/** The query of a signed upload. Its signature has been verified, so it has this form. */
const querySchema = z.object({
  key: z.string(),
  contentType: z.string(),
  metadata: z.pipe(
    z.string(),
    z.pipe(
      z.transform((text: string) => parseJson(text)),
      z.record(z.string(), z.string()),
    ),
  ),
  maxBytes: z.pipe(z.string(), z.transform(Number)),
});

const createTooLargeProblem = (maxBytes: number): ProblemError =>
  new ProblemError("body-too-large", `The file exceeds ${maxBytes} bytes, the limit of this URL.`);

/** Rejects requests over the limit, by their Content-Length or while they are read. */
const limitBytes = (maxBytes: number, contentLength: number | undefined) => {
  if (contentLength !== undefined && contentLength > maxBytes) throw createTooLargeProblem(maxBytes);
  let bytes = 0;
  const hash = createHash("md5");
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.byteLength;
      hash.update(chunk);
      done(bytes > maxBytes ? createTooLargeProblem(maxBytes) : null, chunk);
    },
  });
  return { stream, getBytes: () => bytes, getEtag: () => `"${hash.digest("hex")}"` };
};

/** Creates the HTTP API behind the URLs of the upload signer: PUT of a whole file, and PUT of a part. */
export const createSignedUploadsApi = (options: SignedUploadsOptions): Hono => {
  const { control, uploads, signer, uploadStaging, invalidateJobs } = options;
  const api = new Hono();

  const verify = ({ req }: Context): void => {
    const result = signer.verify(req.method, new URL(req.url));
    if (result === "expired")
      throw new ProblemError(
        "expired-url",
        "The URL has expired. Request a new one and send the bytes again.",
      );
    if (result === "invalid")
      throw new ProblemError(
        "invalid-signature",
        "The signature does not match the URL. Use the URL unchanged.",
      );
    if (control.isDiskFull()) throw new ProblemError("disk-full", diskFullMessage);
  };

  api.put("/", async (context) => {
    verify(context);
    const query = z.parse(querySchema, context.req.query());
    const contentType = context.req.header("content-type");
    if (contentType !== query.contentType)
      throw new ProblemError(
        "unsupported-media-type",
        `The Content-Type is ${contentType ?? "missing"}; this URL is for ${query.contentType}.`,
      );
    const contentLength = getContentLength(context.req.raw);
    const limit = limitBytes(query.maxBytes, contentLength);
    const path = join(uploadStaging, `${randomUUID()}.part`);
    try {
      await pipeline(readBody(context.req.raw), limit.stream, createWriteStream(path));
      if (contentLength !== undefined && limit.getBytes() !== contentLength)
        throw new ProblemError(
          "invalid-request",
          "The upload ended before its Content-Length; nothing was stored. Upload the file again.",
        );
      await control.upload(query.key, path, query.contentType, query.metadata);
      invalidateJobs();
      return context.body(null, 200, { etag: limit.getEtag() });
    } finally {
      await rm(path, { force: true });
    }
  });

  api.put("/:uploadId/:partNumber", async (context) => {
    verify(context);
    const { uploadId, partNumber } = context.req.param();
    const contentLength = getContentLength(context.req.raw);
    if (contentLength !== undefined && contentLength > multipartLimits.maxPartBytes)
      throw createTooLargeProblem(multipartLimits.maxPartBytes);
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
