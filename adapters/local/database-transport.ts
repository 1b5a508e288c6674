import type { EmbeddedDynamo } from "./embedded-dynamodb.ts";

/** The parts of the SDK's request and response that the transport uses. */
interface TransportRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}
interface TransportResponse {
  readonly response: {
    readonly statusCode: number;
    readonly headers: Record<string, string>;
    readonly body: Uint8Array;
  };
}
/** A transport for the SDK (`requestHandler`) that calls the embedded database directly. */
export interface DatabaseTransport {
  handle(request: TransportRequest): Promise<TransportResponse>;
  destroy(): void;
  /** Rejects new requests and waits for those in progress. */
  close(): Promise<void>;
}

const toText = (body: unknown): string => {
  if (typeof body === "string") return body;
  if (ArrayBuffer.isView(body))
    return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
  throw new TypeError("The request to the embedded database must have a JSON body.");
};

/** Creates a transport for the runtime's own calls, which do not need the socket. */
export const createDatabaseTransport = (database: EmbeddedDynamo): DatabaseTransport => {
  const inProgress = new Set<Promise<unknown>>();
  let closed = false;
  return {
    async handle({ headers, body }) {
      if (closed) throw new Error("The embedded database is closed.");
      const request = database.request(headers["x-amz-target"] ?? headers["X-Amz-Target"], toText(body));
      inProgress.add(request);
      try {
        const response = await request;
        return {
          response: {
            statusCode: response.statusCode,
            headers: { "content-type": "application/x-amz-json-1.0" },
            body: Buffer.from(response.body),
          },
        };
      } finally {
        inProgress.delete(request);
      }
    },
    destroy: () => undefined,
    async close() {
      closed = true;
      await Promise.allSettled(inProgress);
    },
  };
};
