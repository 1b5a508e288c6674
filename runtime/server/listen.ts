import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import { systemCode } from "../../adapters/local/system-code.ts";
import { CommandFailed } from "../../pipeline/errors/user-error.ts";
import { createFront } from "./front.ts";
import { serverLimits } from "./limits.ts";
import { endStalledRequests } from "./stalled-requests.ts";

/** A server on loopback. */
export interface Listening {
  readonly port: number;
  /** Serves an app from now on; before, every request is answered 503. */
  serve(app: Hono): void;
  close(): Promise<void>;
}

interface ListenOptions {
  /** Origins whose pages may use the server, beside its own; none by default. */
  readonly allowedOrigins?: readonly string[];
  /** In place of the server's own limits. */
  readonly limits?: Partial<
    Pick<
      Record<keyof typeof serverLimits, number>,
      "maxConnections" | "headersTimeoutMs" | "checkIntervalMs" | "stallTimeoutMs"
    >
  >;
}

/** For requests that no URL can be made of, e.g. HTTP/1.0 without a Host. */
const answerMalformed = (): Response =>
  Response.json(
    { message: "The request is malformed: it needs a Host header and a valid target." },
    {
      status: 400,
      headers: { "x-content-type-options": "nosniff", "cross-origin-resource-policy": "same-origin" },
    },
  );

const portFailure = (port: number, cause: unknown): unknown => {
  switch (systemCode(cause)) {
    case "EADDRINUSE":
      return new CommandFailed(
        `Port ${port} is taken by another program. Give another one: npm start -- --port ${port + 1}`,
        { cause },
      );
    case "EACCES":
      return new CommandFailed(`Port ${port} may not be used by this user. Give another one with --port N.`, {
        cause,
      });
    default:
      return cause;
  }
};

/**
 * Listens on 127.0.0.1.
 *
 * @param port 0 for any free one
 * @throws CommandFailed where the port is taken
 */
export const listen = async (port: number, options: ListenOptions = {}): Promise<Listening> => {
  const limits = { ...serverLimits, ...options.limits };
  let app: Hono | undefined;
  let bound = port;
  const front = createFront({
    port: () => bound,
    allowedOrigins: options.allowedOrigins ?? [],
    app: () => app,
  });
  const server = createServer(
    {
      // Uploads of hours are fine: what a request takes in all has no limit. Node would then drop the limit on the
      // time of its headers too, unless that is given.
      requestTimeout: 0,
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: limits.checkIntervalMs,
    },
    getRequestListener(front.fetch, { errorHandler: answerMalformed }),
  );
  server.maxConnections = limits.maxConnections;
  endStalledRequests(server, limits.stallTimeoutMs);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(portFailure(port, cause)));
    server.listen(port, "127.0.0.1", () => resolve());
  });
  const address = server.address();
  if (typeof address === "object" && address !== null) bound = address.port;
  return {
    port: bound,
    serve: (next) => {
      app = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
