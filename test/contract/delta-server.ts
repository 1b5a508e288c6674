import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

export const deltaUser = "reelway";
export const deltaKey = "delta-key";
export const deltaContentId = "42";

const md5 = (value: string) => createHash("md5").update(value).digest("hex");

/** Whether a request has the headers of its path, user, key and time, as the API asks for. */
const isSigned = ({ url = "", headers }: IncomingMessage, nowSeconds: number): boolean => {
  const expires = String(headers["x-auth-expires"]);
  const path = url.replace(/^\/api/, "");
  return (
    headers["x-auth-user"] === deltaUser &&
    Number(expires) > nowSeconds &&
    Number(expires) <= nowSeconds + 300 &&
    headers["x-auth-key"] === md5(deltaKey + md5(path + deltaUser + deltaKey + expires))
  );
};

/** A stand-in for AWS Elemental Delta that checks signatures and keeps filters. @param now time of the signatures */
export const startDeltaServer = async (now: Date) => {
  const puts: string[] = [];
  const state: {
    /** Status of each PUT instead of success. */
    putStatus?: number | undefined;
    /** Status of each list instead of success. */
    listStatus?: number | undefined;
    /** Called when a request arrives, which is then never answered. */
    onSilent?: (() => void) | undefined;
    /** What the list has before the filters. */
    listPrefix: string;
  } = { listPrefix: "" };
  const server = createServer(async (incoming, response) => {
    if (state.onSilent !== undefined) return state.onSilent();
    const body = await text(incoming);
    if (!isSigned(incoming, now.getTime() / 1000)) return response.writeHead(401).end();
    if (incoming.method === "GET" && incoming.url === "/api/contents") {
      if (state.listStatus !== undefined) return response.writeHead(state.listStatus).end();
      response.writeHead(200, { "Content-Type": "application/xml" });
      return response.end(`<contents>${state.listPrefix}${puts.join("")}</contents>`);
    }
    if (incoming.method !== "PUT" || incoming.url !== `/api/contents/${deltaContentId}`)
      return response.writeHead(404).end();
    if (state.putStatus !== undefined) return response.writeHead(state.putStatus).end();
    puts.push(body);
    return response.writeHead(200).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    /** Documents of the accepted PUTs. */
    puts,
    state,
    async close(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};
export type DeltaServer = Awaited<ReturnType<typeof startDeltaServer>>;
