import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect } from "chai";
import { createLocalObjectStore } from "../../../adapters/local/object-store.ts";
import { startSourceServer } from "../../../docker/ffmpeg/source/source-server.ts";
import type { JobFailure } from "../../../pipeline/errors/job-error.ts";

describe("the source server", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-source-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("serves an object while it has the expected ETag, and counts its bytes", async () => {
    const objects = createLocalObjectStore({ directory: folder });
    const reference = { bucket: "input", key: "a.mp4" };
    const { etag } = await objects.write(reference, { text: "0123456789" }, { contentType: "" });
    const failures: JobFailure[] = [];
    const server = await startSourceServer({
      objects,
      readTimeoutSeconds: 20,
      onFailure: (failure) => failures.push(failure),
    });
    try {
      const { url } = server.serve({ ...reference, etag }, 10);
      const first = await fetch(url, { headers: { range: "bytes=2-4" } });
      expect(await first.text()).to.equal("234");
      expect(server.activity.bytesRead).to.equal(3);

      await objects.write(reference, { text: "abcdefghij" }, { contentType: "" });
      const cut: unknown = await fetch(url)
        .then((response) => response.text())
        .catch((cause: unknown) => cause);

      expect(cut).to.be.an("error");
      expect(failures.map(({ code, retryable }) => [code, retryable])).to.deep.equal([[3001, true]]);
      expect(failures[0]?.message).to.match(/^a\.mp4 was replaced during the read/);
    } finally {
      await server.close();
    }
  });

  /** Reads a URL from an offset, in turns of the event loop between reads. */
  const readSlowly = (url: string, offset: number): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const headers = { range: `bytes=${offset}-` };
      request(url, { headers }, async (response) => {
        const parts: Buffer[] = [];
        for await (const part of response) {
          parts.push(part);
          for (let turn = 0; turn < 20; turn += 1) await nextTurn();
        }
        resolve(Buffer.concat(parts));
      })
        .once("error", reject)
        .end();
    });

  for (const method of ["readChunks", "read"] as const)
    it(`serves every byte to slow and fast readers at once, by ${method}`, async () => {
      const store = createLocalObjectStore({ directory: folder });
      const reference = { bucket: "input", key: "large.mp4" };
      const bytes = randomBytes(5 * 2 ** 20 + 1);
      await writeFile(join(folder, "large"), bytes);
      await store.write(reference, { file: join(folder, "large") }, { contentType: "" });
      const failures: JobFailure[] = [];
      const server = await startSourceServer({
        objects: method === "read" ? { read: store.read } : store,
        readTimeoutSeconds: 20,
        onFailure: (failure) => failures.push(failure),
      });
      try {
        const { url } = server.serve(reference, bytes.length);
        const offsets = [0, 1, 600_000, bytes.length - 1];
        const read = await Promise.all([
          ...offsets.map((offset) => readSlowly(url, offset)),
          fetch(url).then(async (response) => Buffer.from(await response.arrayBuffer())),
        ]);

        for (const [index, offset] of [...offsets, 0].entries())
          expect(read[index]?.equals(bytes.subarray(offset)), `from ${offset}`).to.equal(true);
        expect(failures).to.deep.equal([]);
      } finally {
        await server.close();
      }
    });
});
