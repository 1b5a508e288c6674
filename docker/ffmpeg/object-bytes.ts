import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import { StoreFailure } from "../../pipeline/ports/failure.ts";
import type { ObjectStore, ReadReference } from "../../pipeline/ports/object-store.ts";
import { storeJobFailure } from "./failure.ts";

export interface ReadOptions {
  /** Seconds without a byte after which a read is given up and begun again from where it stood. */
  readonly stallSeconds: number;
  /** Tries in a row without a byte gained before the read fails. */
  readonly tries?: number;
  /** Milliseconds before the second try; it doubles. */
  readonly pauseMs?: number;
}

/**
 * Bytes of one request to the store. A reader that seeks leaves after a little, so the first requests are small;
 * one that reads on gets larger ones, so that requests stay few.
 */
const firstWindow = 512 * 1024;
const largestWindow = 16 * 1024 * 1024;
/**
 * Milliseconds before each of the early requests, until 8 MB have flowed. Sockets take in megabytes that their reader
 * never looks at: a reader that only wanted the beginning is gone by then.
 */
const courtesy = 40;

/** No byte came for the time that is allowed. */
class Stalled extends Error {
  constructor(seconds: number) {
    super(`no byte came for ${seconds} s`);
    this.name = "Stalled";
  }
}

/** Chunks of one request; a stall counts only while the store is waited for, never while the reader is. */
async function* stream(
  open: (signal: AbortSignal) => Promise<Readable>,
  stallSeconds: number,
  outer: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const stalled = new AbortController();
  const signal = AbortSignal.any([outer, stalled.signal]);
  const inTime = async <T>(act: Promise<T>): Promise<T> => {
    let abandon: (() => void) | undefined;
    const given = new Promise<never>((_, reject) => {
      abandon = () => reject(signal.reason);
      signal.addEventListener("abort", abandon, { once: true });
    });
    const timer = setTimeout(() => stalled.abort(new Stalled(stallSeconds)), stallSeconds * 1000);
    try {
      return await Promise.race([act, given]);
    } finally {
      clearTimeout(timer);
      if (abandon !== undefined) signal.removeEventListener("abort", abandon);
      given.catch(() => undefined);
    }
  };
  signal.throwIfAborted();
  const opening = open(signal);
  // A body that opens after its read was given up has no reader: its error must not end the program.
  opening.then(
    (opened) => opened.on("error", () => undefined),
    () => undefined,
  );
  const body = await inTime(opening);
  try {
    const chunks: AsyncIterator<unknown> = body[Symbol.asyncIterator]();
    for (;;) {
      const next = await inTime(chunks.next());
      if (next.done === true) return;
      if (next.value instanceof Uint8Array) yield next.value;
    }
  } finally {
    body.destroy();
  }
}

/** Whether another try from the same byte may go better, e.g. after a broken connection or an expired token. */
const mayPass = (cause: unknown): boolean =>
  cause instanceof StoreFailure ? cause.kind === "temporary" || cause.kind === "unknown" : true;

/** Another attempt looks at the new object: it works it, or ends as the job of an old one (see `checkUnchanged`). */
const sourceReplaced = (key: string, cause: StoreFailure): JobFailure =>
  new JobFailure(3001, `${key} was replaced while it was read. Another attempt reads the new object.`, {
    retryable: true,
    cause,
  });

const unreadable = (reference: ReadReference, offset: number, cause: unknown): JobFailure => {
  const what = `Reading ${reference.key} of ${reference.bucket} at byte ${offset} failed`;
  if (cause instanceof StoreFailure && cause.kind === "precondition")
    return sourceReplaced(reference.key, cause);
  if (cause instanceof StoreFailure) return storeJobFailure("source", what, cause);
  const why = cause instanceof Error ? cause.message : String(cause);
  return new JobFailure(3000, `${what}: ${why}.`, { retryable: true, cause });
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
  const tries = options.tries ?? 3;
  let offset = start;
  let window = firstWindow;
  let failures = 0;
  let shortAt: number | undefined;
  while (offset <= end) {
    const last = Math.min(end, offset + window - 1);
    try {
      const open = (inner: AbortSignal) => objects.read(reference, { start: offset, end: last }, inner);
      for await (const chunk of stream(open, options.stallSeconds, signal)) {
        const wanted = chunk.subarray(0, last + 1 - offset);
        offset += wanted.length;
        failures = 0;
        if (wanted.length > 0) yield wanted;
      }
      if (offset <= last) {
        if (shortAt === offset)
          throw new JobFailure(
            4002,
            `${reference.key} ends at byte ${offset}, but is said to have ${end + 1}: it is cut short. Upload it again.`,
          );
        shortAt = offset;
      } else {
        if (window < largestWindow && offset <= end) await pause(courtesy, undefined, { signal });
        window = Math.min(window * 2, largestWindow);
      }
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof JobFailure) throw cause;
      failures += 1;
      if (!mayPass(cause) || failures >= tries) throw unreadable(reference, offset, cause);
      await pause((options.pauseMs ?? 200) * 2 ** (failures - 1), undefined, { signal });
    }
  }
}
