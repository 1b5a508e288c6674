import { createReadStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { CommandError, formatError } from "../pipeline/errors/errors.ts";

/** A part of a file as the body of a request. */
export interface FileBody {
  /** Options of `fetch`. */
  readonly init: RequestInit;
  /** Number of bytes sent so far. */
  getSentBytes(): number;
  /** @throws CommandError if the file could not be read, with the error of the request as its cause */
  throwReadError(cause: unknown): void;
  /** Must be called when the request has ended. */
  close(): void;
}

/**
 * Opens a part of a file as the body of a PUT.
 *
 * @param range bytes to send
 * @param onProgress called with the number of bytes sent since the last call
 */
export const openFileBody = (
  path: string,
  { start, length }: { readonly start: number; readonly length: number },
  onProgress: (bytes: number) => void,
): FileBody => {
  const fileStream =
    length === 0 ? Readable.from([]) : createReadStream(path, { start, end: start + length - 1 });
  let readError: Error | undefined;
  let sent = 0;
  const byteCounter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sent += chunk.byteLength;
      onProgress(chunk.byteLength);
      done(null, chunk);
    },
  });
  fileStream.on("error", (cause: Error) => {
    readError = cause;
    byteCounter.destroy(cause);
  });
  return {
    init: {
      method: "PUT",
      headers: { "content-length": String(length) },
      body: Readable.toWeb(fileStream.pipe(byteCounter)) as unknown as ReadableStream,
      // The Fetch standard requires this for a streamed body.
      duplex: "half",
    },
    getSentBytes: () => sent,
    throwReadError(cause) {
      if (readError !== undefined)
        throw new CommandError(`${path} cannot be read: ${formatError(readError)}.`, { cause });
    },
    close() {
      fileStream.destroy();
      byteCounter.destroy();
    },
  };
};
