import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";

/** The body of a request as a Node.js stream. */
export const readBody = (request: Request): Readable =>
  request.body === null ? Readable.from([]) : Readable.fromWeb(request.body as ReadableStream);

/** Content-Length of a request in bytes; undefined without one. */
export const getContentLength = (request: Request): number | undefined => {
  const contentLength = request.headers.get("content-length");
  return contentLength === null ? undefined : Number(contentLength);
};
