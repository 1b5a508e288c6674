import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** A received request. */
export interface Call {
  readonly method: string;
  /** Path, not decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}
export interface ScriptedService {
  /** Every request, in order of arrival. */
  readonly calls: Call[];
  /** Options for an SDK client of this service. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  close(): Promise<void>;
}

/**
 * A service on loopback that answers a real SDK client word for word as AWS does where the emulator cannot:
 * throttling, refusals in the middle, answers that get lost.
 *
 * @param answer to the call with this number, from 0; undefined cuts the connection without an answer
 */
export const startScriptedService = async (
  answer: (call: Call, number: number) => Answer | undefined,
): Promise<ScriptedService> => {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const call: Call = {
      method: request.method ?? "",
      path: (request.url ?? "").split("?")[0] ?? "",
      query: url.searchParams,
      headers: request.headers,
      body: await buffer(request),
    };
    const answered = answer(call, calls.push(call) - 1);
    if (answered === undefined) return void request.socket.destroy();
    response.writeHead(answered.status ?? 200, answered.headers);
    response.end(call.method === "HEAD" ? undefined : answered.body);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    calls,
    client: {
      endpoint: `http://127.0.0.1:${port}`,
      region: "us-east-1",
      credentials: { accessKeyId: "AKIATEST", secretAccessKey: "test" },
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};
