import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import { CommandFailed, systemCode } from "../failure.ts";

/** A server on loopback. */
export interface Listening {
  readonly port: number;
  /** Serves an app from now on; before, every request is answered 503. */
  serve(app: Hono): void;
  close(): Promise<void>;
}

const starting = () =>
  Response.json({ message: "Reelway is starting. Try again in a moment." }, { status: 503 });

/**
 * Listens on 127.0.0.1.
 *
 * @param port 0 for any free one
 * @throws CommandFailed where the port is taken
 */
export const listen = async (port: number): Promise<Listening> => {
  let app: Hono | undefined;
  const server = createAdaptorServer({
    fetch: (request, environment) => app?.fetch(request, environment) ?? starting(),
    // Uploads of hours are fine; Node would cut them off after five minutes.
    serverOptions: { requestTimeout: 0 },
  }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) =>
      reject(
        systemCode(cause) === "EADDRINUSE"
          ? new CommandFailed(
              `Port ${port} is taken by another program. Give another one: npm start -- --port ${port + 1}`,
              { cause },
            )
          : systemCode(cause) === "EACCES"
            ? new CommandFailed(
                `Port ${port} may not be used by this user. Give another one with --port N.`,
                { cause },
              )
            : cause,
      ),
    );
    server.listen(port, "127.0.0.1", () => resolve());
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
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
