import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createProblem, problemMediaType } from "../../pipeline/api/problem.ts";

const formatTimeoutBody = (seconds: number): string =>
  JSON.stringify(
    createProblem(
      "request-timeout",
      `The request sent no data for ${seconds} s. Nothing was stored. Send it again.`,
    ),
  );

/** Responds with status 408 to a request whose body stalls, and closes its connection. */
const rejectStalledRequest = (
  { socket }: IncomingMessage,
  response: ServerResponse,
  seconds: number,
): void => {
  const body = formatTimeoutBody(seconds);
  if (!response.headersSent && socket.writable)
    socket.write(
      [
        "HTTP/1.1 408 Request Timeout",
        "Connection: close",
        `Content-Type: ${problemMediaType}`,
        "X-Content-Type-Options: nosniff",
        "Cross-Origin-Resource-Policy: same-origin",
        `Content-Length: ${Buffer.byteLength(body)}`,
        "",
        body,
      ].join("\r\n"),
    );
  socket.destroySoon();
};

/**
 * Closes the connections of requests whose body stalls and of responses whose reader stalls. The time to produce a
 * response is not limited.
 *
 * @param stallTimeoutMs longest time without data
 */
export const closeStalledRequests = (server: Server, stallTimeoutMs: number): void => {
  server.timeout = stallTimeoutMs;
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    // Node emits `timeout` of the request only while its body is incomplete.
    request.on("timeout", () => rejectStalledRequest(request, response, stallTimeoutMs / 1000));
    response.on("timeout", () => {
      if (response.writableLength > 0) request.socket.destroy();
    });
  });
};
