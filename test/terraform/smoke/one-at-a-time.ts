import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A way to a server that lets one request through after the other. */
export interface OneAtATime {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  close(): Promise<void>;
}

/**
 * Passes requests on one by one: moto looks at DynamoDB's condition and writes in two steps, which the threads of
 * several clients would mix.
 */
export const openOneAtATime = async (target: string): Promise<OneAtATime> => {
  const pass = async (request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> => {
    const { host, connection, "content-length": length, ...headers } = request.headers;
    const answer = await fetch(`${target}${request.url}`, {
      method: request.method ?? "POST",
      headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
      body: new Uint8Array(body),
    });
    const content = Buffer.from(await answer.arrayBuffer());
    // The body is unpacked by now, and its length another.
    const dropped = new Set(["content-encoding", "content-length", "transfer-encoding", "connection"]);
    response.writeHead(
      answer.status,
      Object.fromEntries([...answer.headers].filter(([name]) => !dropped.has(name))),
    );
    response.end(content);
  };
  let last: Promise<unknown> = Promise.resolve();
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    try {
      for await (const part of request) parts.push(part);
    } catch {
      // A client that is killed leaves in the middle of its request.
      response.destroy();
      return;
    }
    last = last.then(() => pass(request, Buffer.concat(parts), response)).catch(() => response.destroy());
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
