import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { createArrivals } from "../../contract/arrivals.ts";

/** One received post. */
export interface ReceivedPost {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A subscriber on loopback: returns what it receives, and responds with a configurable status. */
export const startHttpSubscriber = async (port = 0) => {
  const posts = createArrivals<ReceivedPost>();
  let answer: { readonly status: number; readonly location?: string } = { status: 200 };
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { status, location } = answer;
    response.writeHead(status, location === undefined ? {} : { location }).end();
    posts.arrive({ headers: request.headers, body });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}/sns`,
    /** The next post, as soon as it arrives. */
    take: () => posts.take(),
    setStatus(next: typeof answer) {
      answer = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};
export type HttpSubscriber = Awaited<ReturnType<typeof startHttpSubscriber>>;
