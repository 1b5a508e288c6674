import { JobFailure } from "../../pipeline/errors/job-error.ts";
import { type ByteSpan, isPng, PngTooFragmented, pngSpans } from "../../pipeline/media/png-chunks.ts";
import type { ObjectStore, ReadReference } from "../../pipeline/ports/object-store.ts";
import { type ReadOptions, readBytes } from "./object-bytes.ts";

/** Bytes read at once: at first as much as holds the metadata of most files, then more where chunks lie close. */
const firstWindow = 64 * 1024;
const largestWindow = 4 * 1024 * 1024;
/** Requests to the store: 50 GB of chunks that lie further apart than a window are no image. */
const maxReads = 10_000;

const readWindow = async (
  objects: Pick<ObjectStore, "read">,
  reference: ReadReference,
  { start, end }: ByteSpan,
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
): Promise<readonly ByteSpan[] | undefined> => {
  const window = (start: number, length: number) =>
    readWindow(objects, reference, { start, end: Math.min(start + length, bytes) - 1 }, signal, options);
  const head = await window(0, firstWindow);
  if (!isPng(head)) return undefined;
  const tooFragmented = (why: string, cause?: unknown) =>
    new JobFailure(
      4007,
      `${reference.key} is a PNG of ${why}. Save it again without metadata, and upload it.`,
      { cause },
    );
  const spans = pngSpans(bytes);
  let length = firstWindow;
  let behind = head.length;
  try {
    let next = spans.next();
    for (let reads = 0; next.done !== true; reads += 1) {
      if (reads > maxReads) throw new PngTooFragmented(`more than ${maxReads} scattered parts`);
      const at = next.value;
      if (at + 8 <= head.length) {
        next = spans.next(head.subarray(at));
        continue;
      }
      length = at - behind < length ? Math.min(length * 2, largestWindow) : firstWindow;
      const read = await window(at, length);
      behind = at + read.length;
      next = spans.next(read);
    }
    return next.value;
  } catch (cause) {
    throw cause instanceof PngTooFragmented ? tooFragmented(cause.message, cause) : cause;
  }
};
