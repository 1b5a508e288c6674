import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { ObjectStore, ReadReference } from "../../pipeline/ports/object-store.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { toStoreJobFailure } from "./failure.ts";

export interface ReadOptions {
  /** Seconds without a byte after which a read is given up and begun again from where it stood. */
  readonly stallSeconds: number;
  /** Tries in a row without a byte gained before the read fails. */
  readonly maxTries?: number;
  /** Milliseconds before the second try; it doubles. */
  readonly initialBackoffMs?: number;
}

/**
 * Bytes of one request to the store. A reader that seeks leaves after a little, so the first requests are small;
 * one that reads on gets larger ones, so that requests stay few.
 */
const initialWindowBytes = 512 * 1024;
const maxWindowBytes = 16 * 1024 * 1024;
/**
 * Milliseconds before each of the early requests, until 8 MB have flowed. Sockets take in megabytes that their reader
 * never looks at: a reader that only wanted the beginning is gone by then.
 */
const initialReadDelayMs = 40;

/** No byte came for the time that is allowed. */
class ReadStallError extends Error {
  constructor(seconds: number) {
    super(`no byte came for ${seconds} s`);
    this.name = "ReadStallError";
  }
}

/** Chunks of one request; a stall counts only while the store is waited for, never while the reader is. */
async function* streamRange(
  open: (signal: AbortSignal) => Promise<Readable>,
  stallSeconds: number,
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
      () => stallController.abort(new ReadStallError(stallSeconds)),
      stallSeconds * 1000,
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
  // A body that opens after its read was given up has no reader: its error must not end the program.
  bodyPromise.then(
    (openedBody) => openedBody.on("error", () => undefined),
    () => undefined,
  );
  const body = await withStallTimeout(bodyPromise);
  try {
    const chunks: AsyncIterator<unknown> = body[Symbol.asyncIterator]();
    for (;;) {
      const next = await withStallTimeout(chunks.next());
      if (next.done === true) return;
      if (next.value instanceof Uint8Array) yield next.value;
    }
  } finally {
    body.destroy();
  }
}

/** Whether another try from the same byte may go better, e.g. after a broken connection or an expired token. */
const isTransient = (cause: unknown): boolean =>
  cause instanceof StoreFailure ? cause.kind === "transient" || cause.kind === "unknown" : true;

/** Another attempt looks at the new object: it works it, or ends as the job of an old one (see `checkUnchanged`). */
const buildSourceReplacedFailure = (key: string, cause: StoreFailure): JobFailure =>
  new JobFailure(3001, `${key} was replaced while it was read. Another attempt reads the new object.`, {
    retryable: true,
    cause,
  });

const toReadFailure = (reference: ReadReference, offset: number, cause: unknown): JobFailure => {
  const context = `Reading ${reference.key} of ${reference.bucket} at byte ${offset} failed`;
  if (cause instanceof StoreFailure && cause.kind === "precondition")
    return buildSourceReplacedFailure(reference.key, cause);
  if (cause instanceof StoreFailure) return toStoreJobFailure("source", context, cause);
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new JobFailure(3000, `${context}: ${reason}.`, { retryable: true, cause });
};

/**
 * The bytes of an object from `start` to `end` (both included), in order and without a gap, whatever happens to
 * single requests: a read that breaks, stalls or loses its credentials goes on from the byte it stood at.
 *
 * @throws JobFailure 3001, 3003, 3005 at once, 3001 also where the object has another ETag than it is to have; 3000 (retryable) after the last try; 4002 where the object is
 * shorter than it should be
 */
export async function* readBytes(
  objects: Pick<ObjectStore, "read">,
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
      const open = (requestSignal: AbortSignal) =>
        objects.read(reference, { start: offset, end: windowEnd }, requestSignal);
      for await (const chunk of streamRange(open, options.stallSeconds, signal)) {
        const bytes = chunk.subarray(0, windowEnd + 1 - offset);
        offset += bytes.length;
        failures = 0;
        if (bytes.length > 0) yield bytes;
      }
      if (offset <= windowEnd) {
        if (truncatedAt === offset)
          throw new JobFailure(
            4002,
            `${reference.key} ends at byte ${offset}, but is said to have ${end + 1}: it is cut short. Upload it again.`,
          );
        truncatedAt = offset;
      } else {
        if (windowBytes < maxWindowBytes && offset <= end)
          await pause(initialReadDelayMs, undefined, { signal });
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
