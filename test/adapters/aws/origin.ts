import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { localhostCertificate, localhostKey } from "./localhost-certificate.ts";

/** A server on loopback that counts its connections and keeps its requests. */
export const startOrigin = async (respond: RequestListener, { isTls = false } = {}) => {
  const requests: IncomingMessage[] = [];
  let connections = 0;
  const listener: RequestListener = (request, response) => {
    requests.push(request);
    respond(request, response);
  };
  const server = isTls
    ? createTlsServer({ cert: localhostCertificate, key: localhostKey }, listener)
    : createServer(listener);
  server.on("connection", () => {
    connections++;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    requests,
    get connections() {
      return connections;
    },
    toUrl: (path: string, host = "live.localhost"): string =>
      `${isTls ? "https" : "http"}://${host}:${port}${path}`,
    closeConnections: () => server.closeAllConnections(),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};
export type Origin = Awaited<ReturnType<typeof startOrigin>>;
