import { once } from "node:events";
import { type IncomingHttpHeaders, request } from "node:http";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";

/** A complete response. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface RequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request on its own connection, whose path and headers are sent unchanged: fetch would normalize them. */
export const sendRequest = (
  port: number,
  path: string,
  { method = "GET", headers, body }: RequestOptions = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sized = body === undefined ? headers : { "content-length": Buffer.byteLength(body), ...headers };
    request({ host: "127.0.0.1", port, path, method, headers: sized, agent: false }, (response) => {
      text(response).then(
        (read) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: read }),
        reject,
      );
    })
      .on("error", reject)
      .end(body);
  });

/** An open connection on which the given lines were sent. */
export const openConnection = async (port: number, ...lines: readonly string[]): Promise<Socket> => {
  const socket = connect(port, "127.0.0.1");
  // A connection that the server resets is closed, which is what the tests look at.
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.write(lines.join("\r\n"));
  return socket;
};

/** What the server sends on a connection until it closes it. */
export const readUntilClose = async (socket: Socket): Promise<string> => {
  let read = "";
  if (socket.closed) return read;
  socket.on("data", (chunk) => {
    read += String(chunk);
  });
  await once(socket, "close");
  return read;
};
