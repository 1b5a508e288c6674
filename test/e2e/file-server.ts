import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

export interface FileServer {
  url(name: string): string;
  /** Requested names so far. */
  readonly requests: readonly string[];
  /** Bytes read from files so far. */
  bytes(): number;
  close(): Promise<void>;
}

/** Serves the files of a folder on loopback, byte ranges honoured, as the worker's source server does. */
export const serveFiles = async (folder: string): Promise<FileServer> => {
  const requests: string[] = [];
  let bytes = 0;
  const server = createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? "/").slice(1));
    requests.push(name);
    const path = join(folder, name);
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size === undefined) {
      response.writeHead(404).end();
      return;
    }
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
    const start = from === undefined ? 0 : Number(from);
    const last = to === undefined || to === "" ? size - 1 : Math.min(Number(to), size - 1);
    if (start >= size) {
      response.writeHead(416, { "content-range": `bytes */${size}` }).end();
      return;
    }
    response.writeHead(from === undefined ? 200 : 206, {
      "accept-ranges": "bytes",
      "content-length": last - start + 1,
      ...(from === undefined ? {} : { "content-range": `bytes ${start}-${last}/${size}` }),
    });
    const stream = createReadStream(path, { start, end: last });
    stream.on("data", (chunk) => {
      bytes += chunk.length;
    });
    stream.pipe(response);
    response.once("close", () => stream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    requests,
    bytes: () => bytes,
    url: (name) => `http://127.0.0.1:${port}/${encodeURIComponent(name)}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};
