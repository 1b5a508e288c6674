import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import { applyPatches, type BytePatch } from "../../../pipeline/packaging/rebase-fragments.ts";
import type { ObjectStore, ReadReference } from "../../../pipeline/ports/object-store.ts";
import { parseRange } from "../../../pipeline/ports/range-header.ts";
import { type ReadOptions, readBytes } from "./object-bytes.ts";
import type { ReadObjectRange } from "./scan-fragments.ts";
import { SourceActivity } from "./source-activity.ts";

/** A served object. */
export interface ServedInput {
  /** `http://127.0.0.1:PORT/RANDOM`, valid until the server is closed. */
  readonly url: string;
  /** Bytes read from the store so far. */
  getBytesRead(): number;
}
/** An object of an input. */
export interface InputPart {
  readonly reference: ReadReference;
  /** Size of the object. */
  readonly bytes: number;
  /** Finds what is replaced in the object's bytes, when it is first read. @default nothing is replaced */
  readonly findPatches?: (read: ReadObjectRange) => Promise<readonly BytePatch[]>;
}
export interface SourceServer {
  /** @param bytes size of the object */
  serve(reference: ReadReference, bytes: number): ServedInput;
  /** Serves objects one after the other as one input. */
  serveJoined(parts: readonly InputPart[]): ServedInput;
  /** Reads of all inputs from the object store. */
  readonly activity: Pick<SourceActivity, "bytesRead" | "isWaiting">;
  close(): Promise<void>;
}
export interface SourceServerOptions extends ReadOptions {
  readonly objects: Pick<ObjectStore, "read" | "readChunks">;
  /** Called once, if an input cannot be read further: ffmpeg only sees a closed connection. */
  readonly onFailure: (failure: JobFailure) => void;
}

interface ServedParts {
  readonly parts: readonly InputPart[];
  /** Of all parts. */
  readonly bytes: number;
  /** Counts the bytes read from the store. */
  readonly onRead: (bytes: number) => void;
}

/** The ranges of an input's parts that make up a range of the input. All ends are included. */
const locateRange = (
  parts: readonly InputPart[],
  start: number,
  end: number,
): readonly { readonly part: InputPart; readonly start: number; readonly end: number }[] => {
  let offset = 0;
  return parts.flatMap((part) => {
    const first = Math.max(0, start - offset);
    const last = Math.min(part.bytes - 1, end - offset);
    offset += part.bytes;
    return first <= last ? [{ part, start: first, end: last }] : [];
  });
};

/**
 * Writes a chunk and waits until it is sent: the next one may replace its bytes. Resolves to false if the client has
 * disconnected.
 */
const writeChunk = (response: ServerResponse, chunk: Uint8Array): Promise<boolean> =>
  new Promise((resolve) => {
    if (response.destroyed) return resolve(false);
    const onClose = () => resolve(false);
    response.once("close", onClose);
    response.write(chunk, (error) => {
      response.off("close", onClose);
      resolve(error === null || error === undefined);
    });
  });

/**
 * Serves objects to ffmpeg over loopback HTTP (docs/decisions/0007-loopback-source-server.md). ffmpeg gets no URL,
 * credential or host name of the object store, only `http://127.0.0.1` and an unguessable path. Supports Range and HEAD
 * (RFC 9110).
 */
export const startSourceServer = async (options: SourceServerOptions): Promise<SourceServer> => {
  const inputs = new Map<string, ServedParts>();
  const closeController = new AbortController();
  const activity = new SourceActivity();
  let hasFailed = false;

  const patches = new Map<InputPart, Promise<readonly BytePatch[]>>();
  /** Finds the patches of a part once. A failure is not kept. */
  const findPatches = (part: InputPart): Promise<readonly BytePatch[]> => {
    const { reference, findPatches: find } = part;
    const found =
      patches.get(part) ??
      find?.(async (start, end) => {
        const { signal } = closeController;
        const chunks: Uint8Array[] = [];
        const reading = readBytes(options.objects, reference, start, end, signal, options);
        for await (const chunk of activity.trackReads(reading)) chunks.push(Uint8Array.from(chunk));
        return Buffer.concat(chunks);
      });
    if (found === undefined) return Promise.resolve([]);
    patches.set(part, found);
    found.catch(() => patches.delete(part));
    return found;
  };

  const send = async (input: ServedParts, start: number, end: number, response: ServerResponse) => {
    let { reference } = input.parts[0] ?? { reference: { bucket: "", key: "" } };
    const disconnectController = new AbortController();
    response.once("close", () => disconnectController.abort());
    const signal = AbortSignal.any([disconnectController.signal, closeController.signal]);
    try {
      for (const { part, ...range } of locateRange(input.parts, start, end)) {
        reference = part.reference;
        const partPatches = await findPatches(part);
        let offset = range.start;
        const chunks = readBytes(options.objects, reference, range.start, range.end, signal, options);
        for await (const chunk of activity.trackReads(chunks)) {
          input.onRead(chunk.length);
          if (!(await writeChunk(response, applyPatches(chunk, offset, partPatches)))) return;
          offset += chunk.length;
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
          : new JobFailure(3000, `Reading ${reference.key} failed: ${String(cause)}`, {
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

  // Node limits the time for receiving a request. A response takes as long as ffmpeg reads it.
  const server = createServer({ keepAliveTimeout: 1000, headersTimeout: 20_000 }, handleRequest);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string")
    throw new Error("The source server could not open a port.");

  const serveJoined: SourceServer["serveJoined"] = (parts) => {
    const path = `/${randomBytes(24).toString("hex")}`;
    let totalBytesRead = 0;
    const onRead = (count: number) => {
      totalBytesRead += count;
    };
    inputs.set(path, { parts, bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0), onRead });
    return { url: `http://127.0.0.1:${address.port}${path}`, getBytesRead: () => totalBytesRead };
  };

  return {
    activity,
    serve: (reference, bytes) => serveJoined([{ reference, bytes }]),
    serveJoined,
    close: () =>
      new Promise((resolve) => {
        closeController.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
