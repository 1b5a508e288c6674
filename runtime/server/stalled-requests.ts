import type { IncomingMessage, Server, ServerResponse } from "node:http";

const formatTimeoutBody = (seconds: number): string =>
  JSON.stringify({
    message: `The request sent no byte for ${seconds} s and was ended; nothing was kept. Send it again.`,
  });

/** Answers a request whose body stalls, and closes its connection. */
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
        "Content-Type: application/json",
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
 * Ends requests whose body stalls, and responses whose reader stalls. A response that is still being made takes as
 * long as it takes.
 *
 * @param stallTimeoutMs longest time without a byte
 */
export const closeStalledRequests = (server: Server, stallTimeoutMs: number): void => {
  server.timeout = stallTimeoutMs;
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    // Node emits the first only while the request's body is incomplete.
    request.on("timeout", () => rejectStalledRequest(request, response, stallTimeoutMs / 1000));
    response.on("timeout", () => {
      if (response.writableLength > 0) request.socket.destroy();
    });
  });
};
