import { createWriteStream } from "node:fs";
import type { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Options for writing a stream. */
interface StreamFileOptions {
  readonly signal?: AbortSignal;
  /** Whether the content is flushed to the disk before the file is closed. @default false */
  readonly flush?: boolean;
}

/**
 * Writes a stream of bytes to a file, through transforms. Settles after the file is closed, also on failure: an aborted
 * pipeline settles while its file may still be opened, and a caller that removes the file then leaves a new one behind.
 *
 * @param stages the source, then the transforms in order
 * @throws the failure of a stage or of the file; the file may be incomplete then
 */
export const writeStream = async (
  stages: readonly [Readable, ...Transform[]],
  path: string,
  { signal, flush = false }: StreamFileOptions = {},
): Promise<void> => {
  const file = createWriteStream(path, { flush });
  const closed = new Promise<void>((resolve) => {
    file.once("close", resolve);
  });
  try {
    await pipeline([...stages, file], signal === undefined ? {} : { signal });
  } finally {
    file.destroy();
    await closed;
  }
};
