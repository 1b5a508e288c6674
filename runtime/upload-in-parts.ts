import { stat } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { CommandError } from "../pipeline/errors/errors.ts";
import { StoreFailure } from "../pipeline/ports/store-failure.ts";
import {
  type CompletedPart,
  type CompletedUpload,
  type MultipartReference,
  multipartLimits,
  type UploadedPart,
  type UploadTarget,
} from "../pipeline/ports/upload-signer.ts";
import { openFileBody } from "./file-body.ts";
import type { UploadFile } from "./upload-file.ts";
import type { UploadRecords } from "./upload-records.ts";

/** Smallest size of a part, bytes; only the last part of a file is smaller. */
const minPartBytes = 16 * 2 ** 20;

const maxAttempts = 9;
const initialBackoffMs = 250;
const maxBackoffMs = 10_000;

/** The server did not respond, or failed for a reason that may pass. */
export class TransientError extends CommandError {}

/**
 * Uploads of a runtime or of a stage. The methods reject with TransientError, or with a retryable StoreFailure, if they may
 * be repeated.
 */
export interface MultipartClient {
  create(target: UploadTarget): Promise<MultipartReference>;
  /** Returns the stored parts; undefined if the upload does not exist. */
  listParts(upload: MultipartReference): Promise<readonly UploadedPart[] | undefined>;
  signPart(upload: MultipartReference, partNumber: number): Promise<{ readonly url: string }>;
  /** Sends a part to its signed URL. Rejects for a response that is no success. */
  sendPart(url: string, init: RequestInit): Promise<Response>;
  complete(upload: MultipartReference, parts: readonly CompletedPart[]): Promise<CompletedUpload>;
  abort(upload: MultipartReference): Promise<void>;
}

/** How to upload a file. */
export interface UploadInPartsOptions {
  /** Called with the number of bytes sent since the last call; negative if a part starts again. */
  onProgress(bytes: number): void;
  /** Called before the missing parts of an interrupted upload are sent. */
  onResume?(storedParts: number, parts: number): void;
  /** Records by which an interrupted upload is resumed. @default every upload starts at the first part */
  readonly records?: UploadRecords;
  /** Stops the upload; its parts stay. */
  readonly signal?: AbortSignal;
  /** Parts that are sent at the same time. @default 2 */
  readonly concurrency?: number;
}

const isTransient = (cause: unknown): boolean =>
  cause instanceof TransientError || (cause instanceof StoreFailure && cause.retryable);

/** Repeats an operation after a transient failure, for about 45 s with growing delays. */
const retryTransient = async <Result>(
  operation: () => Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> => {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await operation();
    } catch (cause) {
      signal?.throwIfAborted();
      if (!isTransient(cause) || attempt === maxAttempts) throw cause;
      const delayMs =
        Math.min(maxBackoffMs, initialBackoffMs * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);
      await pause(delayMs, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
    }
};

/**
 * Uploads a file in parts. A part whose connection breaks is sent again, also after a restart of the runtime. An upload
 * that another call has begun for the same key, file and metadata is resumed: only its missing parts are sent.
 *
 * @throws CommandError, StoreFailure, and the signal's reason if aborted
 */
export const uploadInParts = async (
  client: MultipartClient,
  file: UploadFile,
  { contentType, metadata }: Pick<UploadTarget, "contentType" | "metadata">,
  { onProgress, onResume, records, signal, concurrency = 2 }: UploadInPartsOptions,
): Promise<CompletedUpload> => {
  const { key } = file;
  const partBytes = Math.max(minPartBytes, Math.ceil(file.bytes / multipartLimits.maxParts));
  // An empty file has one empty part.
  const partCount = Math.max(1, Math.ceil(file.bytes / partBytes));
  const getLength = (index: number): number => Math.min(partBytes, file.bytes - index * partBytes);
  const before = await stat(file.path);
  const assertUnchanged = async (): Promise<void> => {
    const { size, mtimeMs } = await stat(file.path);
    if (size !== file.bytes || mtimeMs !== before.mtimeMs)
      throw new CommandError(`${file.path} changed during the upload. Upload it again when it is complete.`);
  };

  /** What an upload must have in common with this one to be resumed. */
  const identity = { key, bytes: file.bytes, mtimeMs: before.mtimeMs, partBytes, contentType, metadata };
  const findInterrupted = async () => {
    const { upload, ...recorded } = (await records?.read(key)) ?? {};
    if (upload === undefined || !isDeepStrictEqual(recorded, identity)) return undefined;
    const parts = await client.listParts(upload);
    return parts && { upload, parts };
  };
  const begin = async () => {
    // Not repeated: a command fails at once if no runtime responds.
    const upload = await client.create({ key, contentType, metadata });
    await records?.write({ ...identity, upload });
    return { upload, parts: [] };
  };
  const interrupted = await findInterrupted();
  const { upload, parts: listed } = interrupted ?? (await begin());
  const stored = new Map(
    listed
      .filter(({ partNumber, bytes }) => partNumber <= partCount && bytes === getLength(partNumber - 1))
      .map((part) => [part.partNumber, part]),
  );
  if (interrupted !== undefined) onResume?.(stored.size, partCount);
  for (const { bytes } of stored.values()) onProgress(bytes);

  const sendPart = async (url: string, start: number, length: number): Promise<string> => {
    const body = openFileBody(file.path, { start, length }, onProgress);
    try {
      const init = { ...body.init, ...(signal && { signal }) };
      const etag = (await client.sendPart(url, init)).headers.get("etag");
      if (etag === null) throw new TransientError(`The response to a part of ${file.path} has no ETag.`);
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

  let hasFailed = false;
  const uploadPart = async (index: number): Promise<CompletedPart | undefined> => {
    // The upload has failed anyway.
    if (hasFailed) return undefined;
    const partNumber = index + 1;
    const storedPart = stored.get(partNumber);
    if (storedPart !== undefined) return storedPart;
    try {
      const etag = await retryTransient(async () => {
        signal?.throwIfAborted();
        const { url } = await client.signPart(upload, partNumber);
        return sendPart(url, index * partBytes, getLength(index));
      }, signal);
      return { partNumber, etag };
    } catch (cause) {
      hasFailed = true;
      throw cause;
    }
  };
  try {
    // Loaded here: most commands that call the runtime upload nothing.
    const { default: pLimit } = await import("p-limit");
    const limit = pLimit(concurrency);
    const indexes = Array.from({ length: partCount }, (_, index) => index);
    // All requests have ended before the upload is completed or aborted.
    const results = await Promise.allSettled(indexes.map((index) => limit(uploadPart, index)));
    const parts = results.flatMap((result) => {
      if (result.status === "rejected") throw result.reason;
      return result.value === undefined ? [] : [result.value];
    });
    await assertUnchanged();
    const completed = await retryTransient(() => client.complete(upload, parts), signal);
    await records?.remove(key);
    return completed;
  } catch (cause) {
    signal?.throwIfAborted();
    // Otherwise the parts stay until the upload is resumed, or removed as abandoned.
    if (!isTransient(cause)) {
      await client.abort(upload).catch(() => undefined);
      await records?.remove(key);
    }
    throw cause;
  }
};
