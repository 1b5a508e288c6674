import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { ByteRange } from "../../pipeline/media/png-chunks.ts";
import type { ObjectStore, ReadReference } from "../../pipeline/ports/object-store.ts";
import { parseRange } from "../../pipeline/ports/range-header.ts";
import { type ReadOptions, readBytes } from "./object-bytes.ts";
import { SourceActivity } from "./source-activity.ts";
import { computeSplicedBytes, mapToSourceSpans } from "./spliced-bytes.ts";

/** One object that is served. */
export interface ServedInput {
  /** `http://127.0.0.1:PORT/RANDOM`, good while the server lives. */
  readonly url: string;
  /** Bytes read from the store so far. */
  getBytesRead(): number;
}
export interface SourceServer {
  /**
   * @param bytes the object's size
   * @param spans the parts that are served as one; absent: the whole. `getOriginalUrl` always has the whole
   */
  serve(reference: ReadReference, bytes: number, spans?: readonly ByteRange[]): ServedInput;
  /** What all inputs read of the store. */
  readonly activity: Pick<SourceActivity, "bytesRead" | "isWaiting">;
  close(): Promise<void>;
}
export interface SourceServerOptions extends ReadOptions {
  readonly objects: Pick<ObjectStore, "read">;
  /** Told once, when an input cannot be read on: ffmpeg would only see a connection that closed. */
  readonly onFailure: (failure: JobFailure) => void;
}

interface ServedObject {
  readonly reference: ReadReference;
  readonly bytes: number;
  readonly spans: readonly ByteRange[];
  /** Counts the bytes read from the store. */
  readonly onRead: (bytes: number) => void;
}

/** The URL of an input's whole object, where `url` serves parts of it. */
export const getOriginalUrl = (url: string): string => `${url}/original`;

/** Writes a chunk and waits while the client is behind; false when the client is gone. */
const writeChunk = (response: ServerResponse, chunk: Uint8Array): Promise<boolean> =>
  new Promise((resolve) => {
    if (response.destroyed) return resolve(false);
    if (response.write(chunk)) return resolve(true);
    const finish = (isOpen: boolean) => {
      response.off("drain", onDrain);
      response.off("close", onClose);
      resolve(isOpen);
    };
    const onDrain = () => finish(true);
    const onClose = () => finish(false);
    response.once("drain", onDrain);
    response.once("close", onClose);
  });

/**
 * Serves objects to ffmpeg over loopback HTTP (docs/decisions/0007-loopback-source-server.md): ffmpeg gets no store's
 * URL, credential or host name, only `http://127.0.0.1` and a path nobody can guess. Range and HEAD as RFC 9110 has
 * them.
 */
export const startSourceServer = async (options: SourceServerOptions): Promise<SourceServer> => {
  const inputs = new Map<string, ServedObject>();
  const closeController = new AbortController();
  const activity = new SourceActivity();
  let hasFailed = false;

  const send = async (input: ServedObject, start: number, end: number, response: ServerResponse) => {
    const disconnectController = new AbortController();
    response.once("close", () => disconnectController.abort());
    const signal = AbortSignal.any([disconnectController.signal, closeController.signal]);
    try {
      for (const span of mapToSourceSpans(input.spans, start, end)) {
        const chunks = readBytes(options.objects, input.reference, span.start, span.end, signal, options);
        for await (const chunk of activity.trackReads(chunks)) {
          input.onRead(chunk.length);
          if (!(await writeChunk(response, chunk))) return;
        }
      }
      response.end();
    } catch (cause) {
      response.destroy();
      if (signal.aborted || hasFailed) return;
      hasFailed = true;
      options.onFailure(
        cause instanceof JobFailure
          ? cause
          : new JobFailure(3000, `Reading ${input.reference.key} failed: ${String(cause)}`, {
              retryable: true,
              cause,
            }),
      );
    }
  };

  const handleRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const input = inputs.get(request.url ?? "");
    if (input === undefined) {
      response.writeHead(404).end();
      return;
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { Allow: "GET, HEAD" }).end();
      return;
    }
    const range = parseRange(request.headers.range, input.bytes);
    if (range.kind === "unsatisfiable") {
      response.writeHead(416, { "Content-Range": `bytes */${input.bytes}` }).end();
      return;
    }
    const isPartial = range.kind === "partial";
    const { start, end } = isPartial ? range : { start: 0, end: input.bytes - 1 };
    response.writeHead(isPartial ? 206 : 200, {
      "Accept-Ranges": "bytes",
      "Content-Type": "application/octet-stream",
      "Content-Length": String(end - start + 1),
      ...(isPartial ? { "Content-Range": `bytes ${start}-${end}/${input.bytes}` } : {}),
    });
    if (request.method === "HEAD" || input.bytes === 0) response.end();
    else void send(input, start, end, response);
  };

  // Node bounds the time in which a request arrives; a response takes as long as ffmpeg reads it.
  const server = createServer({ keepAliveTimeout: 1000, headersTimeout: 20_000 }, handleRequest);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The source server got no port.");

  return {
    activity,
    serve(reference, bytes, spans) {
      const path = `/${randomBytes(24).toString("hex")}`;
      let totalBytesRead = 0;
      const onRead = (count: number) => {
        totalBytesRead += count;
      };
      const original: ServedObject = { reference, bytes, spans: [{ start: 0, end: bytes - 1 }], onRead };
      inputs.set(getOriginalUrl(path), original);
      inputs.set(
        path,
        spans === undefined ? original : { ...original, spans, bytes: computeSplicedBytes(spans) },
      );
      return { url: `http://127.0.0.1:${address.port}${path}`, getBytesRead: () => totalBytesRead };
    },
    close: () =>
      new Promise((resolve) => {
        closeController.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
