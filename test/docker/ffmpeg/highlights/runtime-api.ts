import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** The answer of a function to an invocation. */
export interface Answer {
  readonly path: "response" | "error";
  readonly body: unknown;
}

/** The Runtime API of AWS Lambda, for one instance of a function. */
export const startRuntimeApi = async () => {
  const waiting: ServerResponse[] = [];
  const pending: { readonly body: string; readonly deadlineMs: number; readonly id: string }[] = [];
  const resolvers = new Map<string, (answer: Answer) => void>();
  let initializationFailure: unknown;
  const dispatch = (): void => {
    const [response] = waiting;
    const [invocation] = pending;
    if (response === undefined || invocation === undefined) return;
    waiting.shift();
    pending.shift();
    response
      .writeHead(200, {
        "Lambda-Runtime-Aws-Request-Id": invocation.id,
        "Lambda-Runtime-Deadline-Ms": String(invocation.deadlineMs),
      })
      .end(invocation.body);
  };
  const server = createServer((request, response) => {
    if (request.method === "GET") {
      waiting.push(response);
      dispatch();
      return;
    }
    void text(request).then((body) => {
      const [, id = "", path] = /invocation\/([^/]+)\/(\w+)$/.exec(request.url ?? "") ?? [];
      if (path === "response" || path === "error") resolvers.get(id)?.({ path, body: JSON.parse(body) });
      else initializationFailure = JSON.parse(body);
      response.writeHead(202).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  let count = 0;
  return {
    endpoint: `127.0.0.1:${port}`,
    /** What the function has reported instead of its start. */
    getInitializationFailure: () => initializationFailure,
    /** Invokes the function. @param deadlineMs when AWS Lambda would end it */
    invoke(body: string, deadlineMs: number): Promise<Answer> {
      count += 1;
      const id = `request-${count}`;
      return new Promise((resolve) => {
        resolvers.set(id, resolve);
        pending.push({ body, deadlineMs, id });
        dispatch();
      });
    },
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
};
