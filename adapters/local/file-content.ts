import { createHash, randomBytes } from "node:crypto";
import { open, stat } from "node:fs/promises";

/** Bytes per read of a stream. */
export const chunkBytes = 128 * 1024;
/**
 * Bytes per read of a range, an eighth of it. Larger reads take less CPU time, but a reader that seeks discards the rest of
 * one, and seeking readers request short ranges.
 */
const minChunkBytes = 64 * 1024;
const maxChunkBytes = 256 * 1024;

/**
 * Reads bytes `start` to `end` of a file, both included, into one buffer: a chunk is valid until the next one is requested.
 * A stream allocates a buffer for each read: they fill the memory until V8 frees them, which takes CPU time.
 *
 * @param range `end` may be behind the end of the file. @default the whole file
 */
export async function* readFileChunks(
  path: string,
  range?: { readonly start: number; readonly end: number },
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    const { start, end } = range ?? { start: 0, end: (await file.stat()).size - 1 };
    const bytes = Math.max(0, end - start + 1);
    const length = Math.min(maxChunkBytes, Math.max(minChunkBytes, Math.ceil(bytes / 8)));
    const buffer = Buffer.allocUnsafeSlow(Math.min(length, bytes));
    for (let position = start; position <= end; ) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, end + 1 - position), position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** Size and ETag of an object's content. */
interface ContentDescription {
  readonly bytes: number;
  readonly etag: string;
}

/**
 * Describes a file with a random ETag, without reading it. The ETag of an object that is encrypted with a KMS key is not
 * an MD5 either (Amazon S3 API reference, Object).
 */
export const describeLinkedContent = async (path: string): Promise<ContentDescription> => ({
  bytes: (await stat(path)).size,
  etag: `"${randomBytes(16).toString("hex")}"`,
});

/** Computes the size and the ETag of a file: its MD5 in quotes, as in S3. */
export const describeContent = async (path: string): Promise<ContentDescription> => {
  const hash = createHash("md5");
  let bytes = 0;
  for await (const chunk of readFileChunks(path)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, etag: `"${hash.digest("hex")}"` };
};
