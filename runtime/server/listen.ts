import { setMaxListeners } from "node:events";
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import { getSystemErrorCode } from "../../adapters/local/system-error.ts";
import { toProblemResponse } from "../../lambdas/api/problems.ts";
import { createProblem } from "../../pipeline/api/problem.ts";
import { CommandError } from "../../pipeline/errors/errors.ts";
import { serverLimits } from "./limits.ts";
import { createRootApp } from "./root-app.ts";
import { closeStalledRequests } from "./stalled-requests.ts";

/** A server on loopback. */
export interface LocalServer {
  readonly port: number;
  /** Sets the app; until then every response is 503. */
  serve(app: Hono): void;
  /** Aborted by `close`, for responses that wait. */
  readonly stopSignal: AbortSignal;
  close(): Promise<void>;
}

interface ListenOptions {
  /** Origins whose pages may call the server, in addition to its own. @default none */
  readonly allowedOrigins?: readonly string[];
  /** Overrides of `serverLimits`. */
  readonly limits?: Partial<
    Pick<
      Record<keyof typeof serverLimits, number>,
      "maxConnections" | "headersTimeoutMs" | "checkIntervalMs" | "stallTimeoutMs"
    >
  >;
}

/** Responds to requests without a valid URL, e.g. HTTP/1.0 without a Host header. */
const respondMalformed = (): Response =>
  toProblemResponse(
    createProblem("invalid-request", "The request is malformed: it needs a Host header and a valid target."),
    { "x-content-type-options": "nosniff", "cross-origin-resource-policy": "same-origin" },
  );

/** A port to use instead of one that cannot be used. */
export const getOtherPort = (port: number): number => (port < 65_535 ? port + 1 : port - 1);

const toPortError = (port: number, cause: unknown): unknown => {
  switch (getSystemErrorCode(cause)) {
    case "EADDRINUSE":
      return new CommandError(
        `Port ${port} is in use by another program. Use another port: add --port ${getOtherPort(port)} to the command.`,
        { cause },
      );
    case "EACCES":
      return new CommandError(
        `This user has no permission to use port ${port}. Use another port: add --port N to the command.`,
        { cause },
      );
    default:
      return cause;
  }
};

/**
 * Listens on 127.0.0.1.
 *
 * @param port 0 for any free port
 * @throws CommandError if the port is in use or not permitted
 */
export const listen = async (port: number, options: ListenOptions = {}): Promise<LocalServer> => {
  const limits = { ...serverLimits, ...options.limits };
  let app: Hono | undefined;
  let boundPort = port;
  const stop = new AbortController();
  // Every waiting request listens to it; their number is limited by `maxWaitingRequests`.
  setMaxListeners(0, stop.signal);
  const rootApp = createRootApp({
    port: () => boundPort,
    allowedOrigins: options.allowedOrigins ?? [],
    app: () => app,
  });
  const server = createServer(
    {
      // Uploads may take hours, so the total time of a request is not limited. Node then also drops the limit on the
      // time of the headers unless it is set explicitly.
      requestTimeout: 0,
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: limits.checkIntervalMs,
    },
    getRequestListener(rootApp.fetch, { errorHandler: respondMalformed }),
  );
  server.maxConnections = limits.maxConnections;
  closeStalledRequests(server, limits.stallTimeoutMs);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(toPortError(port, cause)));
    server.listen(port, "127.0.0.1", () => resolve());
  });
  const address = server.address();
  if (typeof address === "object" && address !== null) boundPort = address.port;
  return {
    port: boundPort,
    serve: (nextApp) => {
      app = nextApp;
    },
    stopSignal: stop.signal,
    close: () =>
      new Promise((resolve) => {
        stop.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
