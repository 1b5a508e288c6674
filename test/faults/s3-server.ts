import { randomUUID } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { ObjectHead, ObjectReference, ObjectStore } from "../../pipeline/ports/object-store.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { decodeAwsChunks } from "./aws-chunks.ts";

/** A point of one object at which reads block. */
export interface ReadHold {
  /** Resolves when a reader has all bytes before the hold and waits for the next. */
  readonly reached: Promise<void>;
  /** Moves the hold to a later byte. */
  moveTo(byte: number): void;
  /** Removes the hold for current and later readers. */
  release(): void;
}
export interface S3Server {
  /** Variables with which an SDK client, and so the worker, finds this server. */
  readonly environment: Readonly<Record<string, string>>;
  /** Blocks reads of an object from this byte on. */
  hold(key: string, fromByte: number): ReadHold;
  close(): Promise<void>;
}
interface S3ServerOptions {
  /** False: as a bucket without versioning, which knows the newest object alone. */
  readonly versioned: boolean;
}
/** The first blocked byte; `moved` emits every change of it. */
interface Gate {
  byte: number;
  readonly moved: EventEmitter;
  readonly reach: () => void;
}

const statusOf: Readonly<Record<string, number>> = { missing: 404, precondition: 412 };
const codeOf: Readonly<Record<string, string>> = { missing: "NoSuchKey", precondition: "PreconditionFailed" };

const buildHeaders = (head: ObjectHead, versioned: boolean): Record<string, string> => ({
  ETag: head.etag,
  "Last-Modified": new Date(head.modifiedAt).toUTCString(),
  "Content-Type": head.contentType ?? "application/octet-stream",
  "Accept-Ranges": "bytes",
  ...(versioned && head.versionId !== undefined ? { "x-amz-version-id": head.versionId } : {}),
  ...Object.fromEntries(Object.entries(head.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
});

/** The address of a request in path style: `/BUCKET/KEY?versionId=…`. */
const parseReference = (request: IncomingMessage, versioned: boolean): ObjectReference => {
  const url = new URL(request.url ?? "/", "http://s3");
  const [, bucket = "", ...rest] = url.pathname.split("/").map(decodeURIComponent);
  const versionId = versioned ? url.searchParams.get("versionId") : null;
  return { bucket, key: rest.join("/"), ...(versionId === null ? {} : { versionId }) };
};

/**
 * A store's objects over the part of the S3 API that the worker uses, on loopback: a store that can be made to
 * stop in the middle of an object, which none of the real ones can.
 */
export const startS3Server = async (
  objects: ObjectStore,
  options: S3ServerOptions = { versioned: true },
): Promise<S3Server> => {
  const gates = new Map<string, Gate>();

  const get = async (reference: ObjectReference, request: IncomingMessage, response: ServerResponse) => {
    const head = await objects.head(reference);
    if (head === undefined) throw new StoreFailure("missing", "no such key");
    const match = request.headers["if-match"];
    if (match !== undefined && match !== head.etag)
      throw new StoreFailure("precondition", "the object has another ETag");
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
    const start = Number(from ?? 0);
    const last = Math.min(Number(to ?? head.bytes - 1), head.bytes - 1);
    const headers = buildHeaders(head, options.versioned);
    if (request.method === "HEAD") {
      response.writeHead(200, { ...headers, "Content-Length": head.bytes }).end();
      return;
    }
    if (start > last) {
      response.writeHead(416).end("<Error><Code>InvalidRange</Code></Error>");
      return;
    }
    response.writeHead(206, {
      ...headers,
      "Content-Length": last - start + 1,
      "Content-Range": `bytes ${start}-${last}/${head.bytes}`,
    });
    const closed = new AbortController();
    response.once("close", () => closed.abort());
    const send = async (first: number, last: number) => {
      if (last < first) return;
      for await (const chunk of await objects.read(reference, { start: first, end: last }))
        if (!response.write(chunk)) await once(response, "drain", closed);
    };
    const gate = gates.get(reference.key);
    response.flushHeaders();
    for (let next = start; next <= last && !response.destroyed; ) {
      const open = Math.min(last + 1, gate?.byte ?? last + 1);
      await send(next, open - 1);
      next = Math.max(next, open);
      if (gate === undefined || next > last) break;
      gate.reach();
      await once(gate.moved, "moved", closed);
    }
    response.end();
  };

  /** Bodies of requests until they are stored. A request whose client is killed may never end. */
  let bodies: Promise<string> | undefined;
  const openBodies = (): Promise<string> => (bodies ??= mkdtemp(join(tmpdir(), "reelway-put-")));
  const put = async (reference: ObjectReference, request: IncomingMessage, response: ServerResponse) => {
    const file = join(await openBodies(), randomUUID());
    try {
      const chunked = /aws-chunked/.test(request.headers["content-encoding"] ?? "");
      await pipeline(chunked ? decodeAwsChunks(request) : request, createWriteStream(file));
      const match = request.headers["if-match"];
      const metadata = Object.entries(request.headers).flatMap(([name, value]) =>
        name.startsWith("x-amz-meta-") ? [[name.slice("x-amz-meta-".length), String(value)]] : [],
      );
      const head = await objects.write(
        reference,
        { file },
        {
          contentType: request.headers["content-type"] ?? "application/octet-stream",
          metadata: Object.fromEntries(metadata),
          ...(request.headers["if-none-match"] === "*" ? { condition: { absent: true } } : {}),
          ...(match === undefined ? {} : { condition: { etag: match } }),
        },
      );
      response.writeHead(200, { ETag: head.etag }).end();
    } finally {
      await rm(file, { force: true });
    }
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const reference = parseReference(request, options.versioned);
    try {
      if (request.method === "PUT") await put(reference, request, response);
      else if (request.method === "DELETE") {
        await objects.remove(reference);
        response.writeHead(204).end();
      } else await get(reference, request, response);
    } catch (cause) {
      if (response.headersSent) return void response.destroy();
      const kind = cause instanceof StoreFailure ? cause.kind : "unknown";
      response.writeHead(statusOf[kind] ?? 500, { "Content-Type": "application/xml" });
      response.end(
        `<Error><Code>${codeOf[kind] ?? "InternalError"}</Code><Message>${kind}</Message></Error>`,
      );
    }
  };

  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    environment: {
      OBJECT_STORE: "s3",
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
    },
    hold(key, fromByte) {
      const moved = new EventEmitter().setMaxListeners(0);
      let reach = (): void => undefined;
      const reached = new Promise<void>((resolve) => {
        reach = resolve;
      });
      const gate: Gate = { byte: fromByte, moved, reach };
      gates.set(key, gate);
      const moveTo = (byte: number) => {
        gate.byte = byte;
        moved.emit("moved");
      };
      return { reached, moveTo, release: () => moveTo(Number.POSITIVE_INFINITY) };
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
      if (bodies !== undefined) await rm(await bodies, { recursive: true, force: true });
    },
  };
};
