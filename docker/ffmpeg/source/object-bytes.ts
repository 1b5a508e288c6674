import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import type { ObjectStore, ReadReference } from "../../../pipeline/ports/object-store.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { toStoreJobFailure } from "../failures/failure.ts";

export interface ReadOptions {
  /** Seconds without data after which a read is stopped and resumed from its position. */
  readonly readTimeoutSeconds: number;
  /** Consecutive tries without data before the read fails. */
  readonly maxTries?: number;
  /** Milliseconds before the second try; doubled for each further one. */
  readonly initialBackoffMs?: number;
}

/**
 * Bytes of one request to the store. A reader that seeks stops early, so the first requests are small. They grow for a
 * sequential reader, to reduce their number.
 */
const initialWindowBytes = 512 * 1024;
const maxWindowBytes = 16 * 1024 * 1024;

/** The store sent no data within the timeout. */
class ReadStallError extends Error {
  constructor(seconds: number) {
    super(`no data received for ${seconds} s`);
    this.name = "ReadStallError";
  }
}

/**
 * Yields the chunks of one request, each valid until the next one is requested. The timeout applies only while waiting for
 * the store, not for the reader.
 */
async function* streamRange(
  open: (signal: AbortSignal) => Promise<AsyncIterable<unknown>>,
  readTimeoutSeconds: number,
  parentSignal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const stallController = new AbortController();
  const signal = AbortSignal.any([parentSignal, stallController.signal]);
  const withStallTimeout = async <T>(operation: Promise<T>): Promise<T> => {
    let onAbort: (() => void) | undefined;
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal.reason);
      signal.addEventListener("abort", onAbort, { once: true });
    });
    const timer = setTimeout(
      () => stallController.abort(new ReadStallError(readTimeoutSeconds)),
      readTimeoutSeconds * 1000,
    );
    try {
      return await Promise.race([operation, aborted]);
    } finally {
      clearTimeout(timer);
      if (onAbort !== undefined) signal.removeEventListener("abort", onAbort);
      aborted.catch(() => undefined);
    }
  };
  signal.throwIfAborted();
  const bodyPromise = open(signal);
  // A body that opens after its read was stopped has no reader. Its error must not crash the worker.
  bodyPromise.then(
    (openedBody) => {
      if (openedBody instanceof Readable) openedBody.on("error", () => undefined);
    },
    () => undefined,
  );
  const body = await withStallTimeout(bodyPromise);
  const chunks: AsyncIterator<unknown> = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await withStallTimeout(chunks.next());
      if (next.done === true) return;
      if (next.value instanceof Uint8Array) yield next.value;
    }
  } finally {
    if (body instanceof Readable) body.destroy();
    // Ends once a pending read does, which may be never.
    else void chunks.return?.().catch(() => undefined);
  }
}

/** True if another try from the same byte may succeed, e.g. after a broken connection or an expired token. */
const isTransient = (cause: unknown): boolean =>
  cause instanceof StoreFailure ? cause.kind === "transient" || cause.kind === "unknown" : true;

/** The next attempt processes the new object, or fails because the job is for the old one (see `checkUnchanged`). */
const buildSourceReplacedFailure = (key: string, cause: StoreFailure): JobFailure =>
  new JobFailure(3001, `${key} was replaced during the read. The next attempt reads the new object.`, {
    retryable: true,
    cause,
  });

const toReadFailure = (reference: ReadReference, offset: number, cause: unknown): JobFailure => {
  const context = `Reading ${reference.key} in ${reference.bucket} at byte ${offset} failed`;
  if (cause instanceof StoreFailure && cause.kind === "precondition")
    return buildSourceReplacedFailure(reference.key, cause);
  if (cause instanceof StoreFailure) return toStoreJobFailure("source", context, cause);
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new JobFailure(3000, `${context}: ${reason}.`, { retryable: true, cause });
};

/**
 * Yields the bytes of an object from `start` to `end` (both included), in order and without gaps. A chunk is valid until
 * the next one is requested. A request that breaks, stalls or loses its credentials is resumed from its position.
 *
 * @throws JobFailure 3001, 3003 or 3005 without a retry, 3001 also if the object's ETag differs from the expected one;
 * 3000 (retryable) after the last try; 4002 if the object is shorter than expected
 */
export async function* readBytes(
  objects: Pick<ObjectStore, "read" | "readChunks">,
  reference: ReadReference,
  start: number,
  end: number,
  signal: AbortSignal,
  options: ReadOptions,
): AsyncGenerator<Uint8Array> {
  const maxTries = options.maxTries ?? 3;
  let offset = start;
  let windowBytes = initialWindowBytes;
  let failures = 0;
  let truncatedAt: number | undefined;
  while (offset <= end) {
    const windowEnd = Math.min(end, offset + windowBytes - 1);
    try {
      const range = { start: offset, end: windowEnd };
      const open = (requestSignal: AbortSignal) =>
        objects.readChunks?.(reference, range, requestSignal) ??
        objects.read(reference, range, requestSignal);
      for await (const chunk of streamRange(open, options.readTimeoutSeconds, signal)) {
        const bytes = chunk.subarray(0, windowEnd + 1 - offset);
        offset += bytes.length;
        failures = 0;
        if (bytes.length > 0) yield bytes;
      }
      if (offset <= windowEnd) {
        if (truncatedAt === offset)
          throw new JobFailure(
            4002,
            `${reference.key} is truncated: it ends at byte ${offset} of ${end + 1}. Upload it again.`,
          );
        truncatedAt = offset;
      } else {
        windowBytes = Math.min(windowBytes * 2, maxWindowBytes);
      }
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof JobFailure) throw cause;
      failures += 1;
      if (!isTransient(cause) || failures >= maxTries) throw toReadFailure(reference, offset, cause);
      await pause((options.initialBackoffMs ?? 200) * 2 ** (failures - 1), undefined, { signal });
    }
  }
}
