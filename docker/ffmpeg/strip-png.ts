import { JobFailure } from "../../pipeline/errors/job-error.ts";
import {
  type ByteRange,
  findPngRanges,
  isPng,
  PngFragmentationError,
} from "../../pipeline/media/png-chunks.ts";
import type { ObjectStore, ReadReference } from "../../pipeline/ports/object-store.ts";
import { type ReadOptions, readBytes } from "./object-bytes.ts";

/** Bytes read at once: at first as much as holds the metadata of most files, then more where chunks lie close. */
const initialWindowBytes = 64 * 1024;
const maxWindowBytes = 4 * 1024 * 1024;
/** Requests to the store: 50 GB of chunks that lie further apart than a window are no image. */
const maxReads = 10_000;

const readWindow = async (
  objects: Pick<ObjectStore, "read">,
  reference: ReadReference,
  { start, end }: ByteRange,
  signal: AbortSignal,
  options: ReadOptions,
): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readBytes(objects, reference, start, end, signal, options)) chunks.push(chunk);
  return Buffer.concat(chunks);
};

/**
 * The parts of an object that ffmpeg is to see, where it is a PNG: without the metadata that ffmpeg would unpack, a
 * thousandfold, before it looks at a pixel (a file of 1.75 MB took 5.2 GB). Undefined: the whole object.
 *
 * @param bytes the object's size
 * @throws JobFailure 4007 for a file of more parts than any image has; what `readBytes` throws
 */
export const stripPng = async (
  objects: Pick<ObjectStore, "read">,
  reference: ReadReference,
  bytes: number,
  signal: AbortSignal,
  options: ReadOptions,
): Promise<readonly ByteRange[] | undefined> => {
  const readAt = (start: number, length: number) =>
    readWindow(objects, reference, { start, end: Math.min(start + length, bytes) - 1 }, signal, options);
  const head = await readAt(0, initialWindowBytes);
  if (!isPng(head)) return undefined;
  const buildFragmentedFailure = (reason: string, cause?: unknown) =>
    new JobFailure(
      4007,
      `${reference.key} is a PNG of ${reason}. Save it again without metadata, and upload it.`,
      { cause },
    );
  const spans = findPngRanges(bytes);
  let length = initialWindowBytes;
  let windowEnd = head.length;
  try {
    let next = spans.next();
    for (let reads = 0; next.done !== true; reads += 1) {
      if (reads > maxReads) throw new PngFragmentationError(`more than ${maxReads} scattered parts`);
      const offset = next.value;
      if (offset + 8 <= head.length) {
        next = spans.next(head.subarray(offset));
        continue;
      }
      length = offset - windowEnd < length ? Math.min(length * 2, maxWindowBytes) : initialWindowBytes;
      const chunk = await readAt(offset, length);
      windowEnd = offset + chunk.length;
      next = spans.next(chunk);
    }
    return next.value;
  } catch (cause) {
    throw cause instanceof PngFragmentationError ? buildFragmentedFailure(cause.message, cause) : cause;
  }
};
