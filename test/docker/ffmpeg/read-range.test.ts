import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readRange } from "../../../docker/ffmpeg/source/read-range.ts";
import { type FileServer, serveFiles } from "../../e2e/file-server.ts";
import { catchJobFailure } from "../../e2e/recipe-bench.ts";

describe("readRange", () => {
  let folder = "";
  let server: FileServer;
  let broken: Server;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-range-"));
    await writeFile(join(folder, "digits"), "0123456789");
    server = await serveFiles(folder);
    broken = createServer((_, response) => {
      response.writeHead(206, { "content-length": 4 });
      response.write("ab", () => response.destroy());
    });
    await new Promise<void>((resolve) => broken.listen(0, "127.0.0.1", resolve));
  });
  after(async () => {
    await server.close();
    await new Promise((resolve) => broken.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });
  const read = async (
    offset: number,
    length: number,
    name = "digits",
    signal = new AbortController().signal,
  ) => Buffer.from(await readRange({ url: server.url(name), offset, length }, signal)).toString();

  it("returns the requested bytes, fewer at the end, none behind it", async () => {
    expect(await read(2, 3)).to.equal("234");
    expect(await read(8, 100)).to.equal("89");
    expect(await read(10, 5)).to.equal("");
  });

  it("fails with a retryable 3000 if the object is gone or the connection breaks", async () => {
    const address = broken.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const step = { url: `http://127.0.0.1:${address.port}/`, offset: 0, length: 4 } as const;

    for (const work of [read(0, 1, "gone"), readRange(step, new AbortController().signal)]) {
      const { code, retryable } = await catchJobFailure(work);
      expect({ code, retryable }).to.deep.equal({ code: 3000, retryable: true });
    }
  });

  it("fails with the reason of an aborted attempt", async () => {
    const controller = new AbortController();
    controller.abort(new Error("given up"));
    const cause: unknown = await read(0, 1, "digits", controller.signal).catch((error: unknown) => error);

    expect(cause).to.be.an("error").with.property("message", "given up");
  });
});
