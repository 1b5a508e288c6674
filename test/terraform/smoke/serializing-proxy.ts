import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A proxy that forwards one request at a time. */
export interface SerializingProxy {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  close(): Promise<void>;
}

/**
 * Passes requests on one by one: moto looks at DynamoDB's condition and writes in two steps, which the threads of
 * several clients would mix.
 */
export const openSerializingProxy = async (target: string): Promise<SerializingProxy> => {
  const forward = async (request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> => {
    const { host, connection, "content-length": length, ...headers } = request.headers;
    const upstreamResponse = await fetch(`${target}${request.url}`, {
      method: request.method ?? "POST",
      headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
      body: new Uint8Array(body),
    });
    const content = Buffer.from(await upstreamResponse.arrayBuffer());
    // The body is already decompressed, so its length differs.
    const dropped = new Set(["content-encoding", "content-length", "transfer-encoding", "connection"]);
    response.writeHead(
      upstreamResponse.status,
      Object.fromEntries([...upstreamResponse.headers].filter(([name]) => !dropped.has(name))),
    );
    response.end(content);
  };
  let last: Promise<unknown> = Promise.resolve();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      // A killed client breaks off its request.
      response.destroy();
      return;
    }
    last = last.then(() => forward(request, Buffer.concat(chunks), response)).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};
