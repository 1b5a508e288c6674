import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { type Context, Hono } from "hono";
import * as z from "zod";
import { OperationRefused } from "../../pipeline/jobs/operator.ts";
import { maxKeyBytes } from "../../pipeline/routing/plan-outputs.ts";
import { getContentType } from "../../pipeline/uploads/content-type.ts";
import { countMetadataBytes, maxMetadataBytes } from "../../pipeline/uploads/user-metadata.ts";
import type { Control } from "../control.ts";
import { diskFullResponse } from "./error-response.ts";
import { createJobListApi } from "./job-list.ts";
import { limitControlBody, readJson } from "./json-body.ts";

const parseMetadata = (entries: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    entries.map((entry) => {
      const equals = entry.indexOf("=");
      return [entry.slice(0, equals).toLowerCase(), entry.slice(equals + 1)];
    }),
  );

const metadataEntrySchema = z.string().regex(/^[A-Za-z0-9-]+=/, "must be NAME=VALUE");
const uploadQuerySchema = z.object({
  key: z
    .string()
    .min(1)
    .refine((key) => Buffer.byteLength(key) <= maxKeyBytes, `must not be longer than ${maxKeyBytes} bytes`)
    .refine((key) => !key.endsWith("/"), "must name a file, not a folder"),
  metadata: z
    .array(metadataEntrySchema)
    .transform(parseMetadata)
    .refine(
      (metadata) => countMetadataBytes(Object.entries(metadata)) <= maxMetadataBytes,
      `must not exceed ${maxMetadataBytes} bytes in total`,
    ),
});
const retryBodySchema = z.object({ force: z.boolean().default(false) }).default({ force: false });

/** Writes a body to a file; returns false if it is shorter than its Content-Length. */
const saveBody = async (request: Request, path: string): Promise<boolean> => {
  const body = request.body === null ? Readable.from([]) : Readable.fromWeb(request.body as ReadableStream);
  let receivedBytes = 0;
  body.on("data", (chunk: Uint8Array) => {
    receivedBytes += chunk.byteLength;
  });
  await pipeline(body, createWriteStream(path));
  const contentLength = request.headers.get("content-length");
  return contentLength === null || Number(contentLength) === receivedBytes;
};

/** Creates the HTTP API of the `reelway` commands. */
export const createControlApi = (control: Control, uploadStaging: string): Hono => {
  const api = new Hono();
  const jobs = createJobListApi(
    (limit) => control.list(limit),
    () => ({ engines: control.describe().engines }),
  );
  const respondWithJob = (context: Context, id: string, operation: () => Promise<unknown>) =>
    operation()
      .finally(jobs.invalidate)
      .then(
        () => control.find(id).then((result) => context.json(result)),
        (cause: unknown) => {
          if (cause instanceof OperationRefused) return context.json({ message: cause.message }, 409);
          throw cause;
        },
      );

  api.get("/runtime", (context) => context.json(control.describe()));

  api.put("/objects", async (context) => {
    const query = uploadQuerySchema.safeParse({
      key: context.req.query("key"),
      metadata: context.req.queries("metadata") ?? [],
    });
    if (!query.success)
      return context.json(
        { message: query.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("; ") },
        400,
      );
    if (control.isDiskFull()) {
      const { status, message } = diskFullResponse;
      return context.json({ message }, status);
    }
    const path = join(uploadStaging, `${randomUUID()}.part`);
    try {
      if (!(await saveBody(context.req.raw, path)))
        return context.json(
          {
            message: "The upload ended before its Content-Length; nothing was stored. Upload the file again.",
          },
          400,
        );
      const uploadResponse = await control.upload(
        query.data.key,
        path,
        getContentType(query.data.key),
        query.data.metadata,
      );
      jobs.invalidate();
      return context.json(uploadResponse, 201);
    } finally {
      await rm(path, { force: true });
    }
  });

  api.post("/jobs/*", limitControlBody());
  api.route("/jobs", jobs.api);

  api.get("/jobs/:id", async (context) => {
    const result = await control.find(context.req.param("id"));
    return result.kind === "job"
      ? context.json(result)
      : context.json(result, result.kind === "missing" ? 404 : 409);
  });

  api.post("/jobs/:id/cancel", (context) => {
    const id = context.req.param("id");
    return respondWithJob(context, id, () => control.cancel(id));
  });

  api.post("/jobs/:id/retry", async (context) => {
    const id = context.req.param("id");
    const body = retryBodySchema.safeParse(await readJson(context));
    if (!body.success)
      return context.json(
        {
          message: `The request body is not valid: ${z.prettifyError(body.error)}. Send {"force": true} or {}.`,
        },
        400,
      );
    return respondWithJob(context, id, () => control.retry(id, body.data.force));
  });
  return api;
};
