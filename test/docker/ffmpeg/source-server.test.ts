import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
});
