import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";

/** A server on 127.0.0.1. */
export interface LoopbackServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves an app on a free port of 127.0.0.1. */
export const serveLoopback = async (app: Hono): Promise<LoopbackServer> => {
  const server = createServer(getRequestListener(app.fetch));
  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    server.listen(0, "127.0.0.1", done);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("A server on loopback has no port");
  return {
    port: address.port,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
};
