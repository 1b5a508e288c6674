import { stat } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import type * as z from "zod";
import {
  completedUploadSchema,
  type completeUploadSchema,
  createdUploadSchema,
  signedPartSchema,
} from "../pipeline/api/uploads.ts";
import { CommandError } from "../pipeline/errors/errors.ts";
import { multipartLimits } from "../pipeline/ports/upload-signer.ts";
import type { UploadFile } from "./client.ts";
import { openFileBody } from "./file-body.ts";

/** Smallest size of a part, bytes; only the last part of a file is smaller. */
const minPartBytes = 16 * 2 ** 20;

/** Parts that are sent at the same time. */
const uploadConcurrency = 2;
const maxAttempts = 9;
const initialBackoffMs = 250;
const maxBackoffMs = 10_000;

/** The object of an upload. */
export type CompletedUpload = z.output<typeof completedUploadSchema>;

/** The server did not respond, or failed for a reason that may pass. */
export class TransientError extends CommandError {}

/** Calls of the runtime's API. `call` rejects with TransientError if it may be repeated. */
export interface ApiCaller {
  call(url: string, init: RequestInit): Promise<Response>;
  parse<Schema extends z.ZodType>(response: Response, schema: Schema): Promise<z.output<Schema>>;
}

/** Repeats an operation after a transient failure, for about 45 s with growing delays. */
const retryTransient = async <Result>(operation: () => Promise<Result>): Promise<Result> => {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await operation();
    } catch (cause) {
      if (!(cause instanceof TransientError) || attempt === maxAttempts) throw cause;
      await pause(Math.min(maxBackoffMs, initialBackoffMs * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2));
    }
};

const post = (body: unknown): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

/**
 * Uploads a file in parts. A part whose connection breaks is sent again, also after a restart of the runtime.
 *
 * @param onProgress called with the number of bytes sent since the last call; negative if a part starts again
 * @throws CommandError
 */
export const uploadInParts = async (
  { call, parse }: ApiCaller,
  file: UploadFile,
  contentType: string,
  metadata: Readonly<Record<string, string>>,
  onProgress: (bytes: number) => void,
): Promise<CompletedUpload> => {
  const partBytes = Math.max(minPartBytes, Math.ceil(file.bytes / multipartLimits.maxParts));
  const before = await stat(file.path);
  const assertUnchanged = async (): Promise<void> => {
    const { size, mtimeMs } = await stat(file.path);
    if (size !== file.bytes || mtimeMs !== before.mtimeMs)
      throw new CommandError(`${file.path} changed during the upload. Upload it again when it is complete.`);
  };

  const sendPart = async (url: string, start: number, length: number): Promise<string> => {
    const body = openFileBody(file.path, { start, length }, onProgress);
    try {
      const etag = (await call(url, body.init)).headers.get("etag");
      if (etag === null) throw new TransientError(`The runtime returned no ETag for a part of ${file.path}.`);
      return etag;
    } catch (cause) {
      // Otherwise the body reads on.
      body.close();
      onProgress(-body.getSentBytes());
      body.throwReadError(cause);
      // A file that has become shorter breaks the request off.
      await assertUnchanged();
      throw cause;
    } finally {
      body.close();
    }
  };

  // Not repeated: a command fails at once if no runtime responds.
  const created = await parse(
    await call("/s3/multipart", post({ filename: file.key, type: contentType, metadata })),
    createdUploadSchema,
  );
  const path = `/s3/multipart/${created.uploadId}`;
  const query = new URLSearchParams({ key: created.key });
  // An empty file has one empty part.
  const partCount = Math.max(1, Math.ceil(file.bytes / partBytes));
  type Part = z.output<typeof completeUploadSchema>["parts"][number];
  let hasFailed = false;
  const uploadPart = async (index: number): Promise<Part | undefined> => {
    // The upload is aborted anyway.
    if (hasFailed) return undefined;
    const start = index * partBytes;
    const PartNumber = index + 1;
    try {
      const ETag = await retryTransient(async () => {
        const { url } = await parse(await call(`${path}/${PartNumber}?${query}`, {}), signedPartSchema);
        return sendPart(url, start, Math.min(partBytes, file.bytes - start));
      });
      return { PartNumber, ETag };
    } catch (cause) {
      hasFailed = true;
      throw cause;
    }
  };
  try {
    // Loaded here: most commands that call the runtime upload nothing.
    const { default: pLimit } = await import("p-limit");
    const limit = pLimit(uploadConcurrency);
    const indexes = Array.from({ length: partCount }, (_, index) => index);
    // All requests have ended before the upload is completed or aborted.
    const results = await Promise.allSettled(indexes.map((index) => limit(uploadPart, index)));
    const parts = results.flatMap((result) => {
      if (result.status === "rejected") throw result.reason;
      return result.value === undefined ? [] : [result.value];
    });
    await assertUnchanged();
    return await retryTransient(async () =>
      parse(await call(`${path}/complete?${query}`, post({ parts })), completedUploadSchema),
    );
  } catch (cause) {
    // The runtime removes what is left if it does not respond.
    if (!(cause instanceof TransientError))
      await call(`${path}?${query}`, { method: "DELETE" }).catch(() => undefined);
    throw cause;
  }
};
