import type { Server } from "node:http";
import { Readable } from "node:stream";

/** What the transport needs of the SDK's request, and what the SDK reads of the answer. */
interface TransportRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}
interface TransportAnswer {
  readonly response: {
    readonly statusCode: number;
    readonly headers: Record<string, string>;
    readonly body: Uint8Array;
  };
}

/** A transport of the SDK (a `requestHandler`) that reaches a server of this process without a socket. */
export interface InProcessTransport {
  handle(request: TransportRequest): Promise<TransportAnswer>;
  destroy(): void;
  /** Refuses what comes from now on, and waits for what is under way. */
  close(): Promise<void>;
}

const bytesOf = (body: unknown): Buffer => {
  if (typeof body === "string") return Buffer.from(body);
  if (ArrayBuffer.isView(body)) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (body === undefined) return Buffer.alloc(0);
  throw new TypeError("A request to a server of this process has a body of bytes.");
};

/** Hands a request to the server's own listeners, in the shape that a socket's request has. */
const ask = (server: Server, { method, headers, body }: TransportRequest): Promise<TransportAnswer> =>
  new Promise((resolve) => {
    const bytes = bytesOf(body);
    const stream = Readable.from(bytes.byteLength === 0 ? [] : [bytes]);
    const answered: Record<string, string> = {};
    const response = {
      statusCode: 200,
      setHeader: (name: string, value: unknown) => {
        answered[name.toLowerCase()] = String(value);
      },
      end: (text = "") =>
        resolve({
          response: { statusCode: response.statusCode, headers: answered, body: Buffer.from(text) },
        }),
    };
    server.emit("request", Object.assign(stream, { method, headers, url: "/" }), response);
  });

/** Spares each call the socket on both its ends. Only for servers that read a request's stream and end an answer. */
export const createInProcessTransport = (server: Server): InProcessTransport => {
  const underWay = new Set<Promise<unknown>>();
  let closed = false;
  return {
    async handle(request) {
      if (closed) throw new Error("The embedded database is closed.");
      const asking = ask(server, request);
      underWay.add(asking);
      try {
        return await asking;
      } finally {
        underWay.delete(asking);
      }
    },
    destroy: () => undefined,
    async close() {
      closed = true;
      await Promise.allSettled(underWay);
    },
  };
};
