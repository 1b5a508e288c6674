import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { ByteSpan } from "../../pipeline/media/png-chunks.ts";
import type { ObjectStore, ReadReference } from "../../pipeline/ports/object-store.ts";
import { parseRange } from "./byte-range.ts";
import { type ReadOptions, readBytes } from "./object-bytes.ts";
import { SourceActivity } from "./source-activity.ts";
import { sourceSpans, splicedSize } from "./spliced-bytes.ts";

/** One object that is served. */
export interface ServedInput {
  /** `http://127.0.0.1:PORT/RANDOM`, good while the server lives. */
  readonly url: string;
  /** Bytes read from the store so far. */
  bytesRead(): number;
}
export interface SourceServer {
  /**
   * @param bytes the object's size
   * @param spans the parts that are served as one; absent: the whole. `originalUrl` always has the whole
   */
  serve(reference: ReadReference, bytes: number, spans?: readonly ByteSpan[]): ServedInput;
  /** What all inputs read of the store. */
  readonly activity: Pick<SourceActivity, "bytesRead" | "isWaiting">;
  close(): Promise<void>;
}
export interface SourceServerOptions extends ReadOptions {
  readonly objects: Pick<ObjectStore, "read">;
  /** Told once, when an input cannot be read on: ffmpeg would only see a connection that closed. */
  readonly onFailure: (failure: JobFailure) => void;
}

interface Served {
  readonly reference: ReadReference;
  readonly bytes: number;
  readonly spans: readonly ByteSpan[];
  /** Counts the bytes read from the store. */
  readonly onRead: (bytes: number) => void;
}

/** The URL of an input's whole object, where `url` serves parts of it. */
export const originalUrl = (url: string): string => `${url}/original`;

/** Writes a chunk and waits while the client is behind; false when the client is gone. */
const write = (response: ServerResponse, chunk: Uint8Array): Promise<boolean> =>
  new Promise((resolve) => {
    if (response.destroyed) return resolve(false);
    if (response.write(chunk)) return resolve(true);
    const settle = (open: boolean) => {
      response.off("drain", drained);
      response.off("close", closed);
      resolve(open);
    };
    const drained = () => settle(true);
    const closed = () => settle(false);
    response.once("drain", drained);
    response.once("close", closed);
  });

/**
 * Serves objects to ffmpeg over loopback HTTP (DESIGN 6.6): ffmpeg gets no store's URL, credential or host name,
 * only `http://127.0.0.1` and a path nobody can guess. Range and HEAD as RFC 9110 has them.
 */
export const startSourceServer = async (options: SourceServerOptions): Promise<SourceServer> => {
  const inputs = new Map<string, Served>();
  const closing = new AbortController();
  const activity = new SourceActivity();
  let failed = false;

  const send = async (input: Served, start: number, end: number, response: ServerResponse) => {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const signal = AbortSignal.any([gone.signal, closing.signal]);
    try {
      for (const span of sourceSpans(input.spans, start, end)) {
        const chunks = readBytes(options.objects, input.reference, span.start, span.end, signal, options);
        for await (const chunk of activity.watch(chunks)) {
          input.onRead(chunk.length);
          if (!(await write(response, chunk))) return;
        }
      }
      response.end();
    } catch (cause) {
      response.destroy();
      if (signal.aborted || failed) return;
      failed = true;
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

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
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
    if (range === "unsatisfiable") {
      response.writeHead(416, { "Content-Range": `bytes */${input.bytes}` }).end();
      return;
    }
    const { start, end } = range ?? { start: 0, end: input.bytes - 1 };
    response.writeHead(range === undefined ? 200 : 206, {
      "Accept-Ranges": "bytes",
      "Content-Type": "application/octet-stream",
      "Content-Length": String(end - start + 1),
      ...(range === undefined ? {} : { "Content-Range": `bytes ${start}-${end}/${input.bytes}` }),
    });
    if (request.method === "HEAD" || input.bytes === 0) response.end();
    else void send(input, start, end, response);
  };

  // Node bounds the time in which a request arrives; a response takes as long as ffmpeg reads it.
  const server = createServer({ keepAliveTimeout: 1000, headersTimeout: 20_000 }, answer);
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
      let read = 0;
      const onRead = (count: number) => {
        read += count;
      };
      const original: Served = { reference, bytes, spans: [{ start: 0, end: bytes - 1 }], onRead };
      inputs.set(originalUrl(path), original);
      inputs.set(path, spans === undefined ? original : { ...original, spans, bytes: splicedSize(spans) });
      return { url: `http://127.0.0.1:${address.port}${path}`, bytesRead: () => read };
    },
    close: () =>
      new Promise((resolve) => {
        closing.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
