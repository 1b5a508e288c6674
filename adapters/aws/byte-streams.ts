import { pipeline, Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from "node:zlib";
import type { ByteRange } from "../../pipeline/highlights/channel-fetcher.ts";

type Chunks = AsyncIterable<Buffer>;

/** Passes chunks on until they exceed a number of bytes. */
export async function* limitBytes(
  chunks: Chunks,
  maxBytes: number,
  createError: () => Error,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw createError();
    yield chunk;
  }
}

/** Passes a part of the chunks on, and fails if they end before it does. Reads nothing after the part. */
export async function* cutBytes(
  chunks: Chunks,
  { offset, length }: ByteRange,
  createError: () => Error,
): AsyncGenerator<Buffer> {
  let position = 0;
  for await (const chunk of chunks) {
    const part = chunk.subarray(Math.max(0, offset - position), Math.max(0, offset + length - position));
    position += chunk.length;
    if (part.length > 0) yield part;
    if (position >= offset + length) return;
  }
  throw createError();
}

/** Passes chunks on, and fails unless they have a certain number of bytes. */
export async function* requireLength(
  chunks: Chunks,
  length: number,
  createError: () => Error,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > length) throw createError();
    yield chunk;
  }
  if (bytes < length) throw createError();
}

/** Passes chunks on, and replaces the error that ends them. */
export async function* mapError(
  chunks: Chunks,
  createError: (cause: unknown) => unknown,
): AsyncGenerator<Buffer> {
  try {
    yield* chunks;
  } catch (cause) {
    throw createError(cause);
  }
}

async function* prepend(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* { [Symbol.asyncIterator]: () => rest };
}

async function* decompress(
  chunks: Chunks,
  decompressor: ReturnType<typeof createGunzip>,
): AsyncGenerator<Buffer> {
  // The errors of the chunks reach the reader through the decompressor.
  pipeline(Readable.from(chunks), decompressor, () => {});
  yield* decompressor;
}

/** `deflate` is the zlib format. Some servers send what it contains without its header, which browsers accept too. */
async function* inflate(chunks: Chunks): AsyncGenerator<Buffer> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done) return;
  const hasZlibHeader = ((first.value[0] ?? 0) & 0x0f) === 8;
  yield* decompress(prepend(first.value, iterator), hasZlibHeader ? createInflate() : createInflateRaw());
}

/** Decoders of a response by its `Content-Encoding`, which Node's client does not apply. */
export const contentDecoders: Readonly<Record<string, (chunks: Chunks) => Chunks>> = {
  gzip: (chunks) => decompress(chunks, createGunzip()),
  "x-gzip": (chunks) => decompress(chunks, createGunzip()),
  deflate: inflate,
  br: (chunks) => decompress(chunks, createBrotliDecompress()),
};
