import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import type { EmbeddedDynamo } from "./embedded-dynamodb.ts";
import { createSocketFolder } from "./socket-folder.ts";

/** Limit for a request body, as in DynamoDB. */
const maxRequestBytes = 16 * 1024 * 1024;

/** Reads the body as text; undefined if it exceeds the limit. */
const readBody = async (request: IncomingMessage): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.byteLength;
    if (bytes > maxRequestBytes) return undefined;
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
};

const handleRequest = async (
  database: EmbeddedDynamo,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const body = await readBody(request);
  if (body === undefined) {
    response.writeHead(413, { connection: "close" }).end();
    return;
  }
  const target = request.headers["x-amz-target"];
  const result = await database.request(typeof target === "string" ? target : undefined, body);
  response.writeHead(result.statusCode, { "content-type": "application/x-amz-json-1.0" }).end(result.body);
};

/** Unix socket through which other processes of this user access the database. */
export interface DatabaseSocket {
  readonly path: string;
  close(): Promise<void>;
}

/**
 * Serves the embedded database on a Unix socket in a folder with mode 0700. It has no TCP port, so neither a web page
 * nor another user of the machine can connect.
 *
 * @param dataDirectory see `createSocketFolder`
 */
export const serveDatabase = async (
  database: EmbeddedDynamo,
  dataDirectory?: string,
): Promise<DatabaseSocket> => {
  const folder = await createSocketFolder(dataDirectory);
  const path = join(folder, "database.sock");
  const server = createServer((request, response) => {
    // A client that is killed during a request affects only its own connection.
    handleRequest(database, request, response).catch(() => response.destroy());
  });
  server.listen(path);
  await once(server, "listening");
  return {
    path,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
      await rm(folder, { recursive: true, force: true });
    },
  };
};
