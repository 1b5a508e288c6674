import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Hono } from "hono";
import * as z from "zod";
import { getCaller } from "../../lambdas/api/authentication.ts";
import { diskFullMessage, rejectInvalid } from "../../lambdas/api/problems.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";
import { maxKeyBytes } from "../../pipeline/routing/plan-outputs.ts";
import { getContentType } from "../../pipeline/uploads/content-type.ts";
import {
  buildOwnerMetadata,
  countMetadataBytes,
  maxMetadataBytes,
  reservedMetadataPrefix,
} from "../../pipeline/uploads/user-metadata.ts";
import type { Control } from "../control.ts";
import { getContentLength, readBody } from "./request-body.ts";

const parseMetadata = (entries: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    entries.map((entry) => {
      const equals = entry.indexOf("=");
      return [entry.slice(0, equals).toLowerCase(), entry.slice(equals + 1)];
    }),
  );

const metadataEntrySchema = z
  .string()
  .regex(/^[A-Za-z0-9-]+=/, "must be NAME=VALUE")
  .refine(
    (entry) => !entry.toLowerCase().startsWith(reservedMetadataPrefix),
    `must not have a name that begins with ${reservedMetadataPrefix}`,
  );
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

/** Writes a body to a file; returns false if it is shorter than its Content-Length. */
const saveBody = async (request: Request, path: string): Promise<boolean> => {
  const body = readBody(request);
  let receivedBytes = 0;
  body.on("data", (chunk: Uint8Array) => {
    receivedBytes += chunk.byteLength;
  });
  await pipeline(body, createWriteStream(path));
  const contentLength = getContentLength(request);
  return contentLength === undefined || contentLength === receivedBytes;
};

/** Creates the HTTP API of `reelway upload` and the status of the runtime. */
export const createControlApi = (
  control: Control,
  uploadStaging: string,
  invalidateJobs: () => void,
): Hono => {
  const api = new Hono();

  api.get("/runtime", (context) => context.json(control.describe()));

  api.put("/objects", async (context) => {
    const query = uploadQuerySchema.safeParse({
      key: context.req.query("key"),
      metadata: context.req.queries("metadata") ?? [],
    });
    rejectInvalid(query.success ? query : { ...query, target: "query" });
    if (!query.success) throw query.error;
    if (control.isDiskFull()) throw new ProblemError("disk-full", diskFullMessage);
    const path = join(uploadStaging, `${randomUUID()}.part`);
    try {
      if (!(await saveBody(context.req.raw, path)))
        throw new ProblemError(
          "invalid-request",
          "The upload ended before its Content-Length; nothing was stored. Upload the file again.",
        );
      const uploadResponse = await control.upload(query.data.key, path, getContentType(query.data.key), {
        ...query.data.metadata,
        ...buildOwnerMetadata(getCaller(context).ownerId),
      });
      invalidateJobs();
      return context.json(uploadResponse, 201);
    } finally {
      await rm(path, { force: true });
    }
  });
  return api;
};
