import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createLocalObjectStore } from "../../adapters/local/object-store.ts";
import { createControl } from "../../runtime/control.ts";
import { createUploadStore } from "../../runtime/upload-store.ts";
import { type JobFixture, openJobFixture } from "../pipeline/jobs/job-fixture.ts";

describe("the store of completed uploads", () => {
  let root: string;
  let fixture: JobFixture;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "reelway-store-"));
    fixture = await openJobFixture();
  });
  after(async () => {
    await fixture.close();
    await rm(root, { recursive: true, force: true });
  });

  it("stores a file once, although a crash lost the first result, and another file as a new version", async () => {
    const objects = createLocalObjectStore({ directory: join(root, "objects") });
    const control = createControl({
      ports: fixture.ports,
      objects,
      transcoderService: { readJob: async () => undefined, forceCancel: async () => undefined },
      resolveOutputPath: (key) => key,
      isDiskFull: () => false,
      description: { data: root, pid: 1, ffmpeg: "missing", slots: 1 },
      listEngines: () => [],
    });
    const store = createUploadStore(control);
    const target = { key: "thumbnails/a b.mp4", contentType: "video/mp4", metadata: { a: "1" } };
    const [first, second] = [join(root, "first"), join(root, "second")];
    await writeFile(first, "bytes");
    await writeFile(second, "bytes");
    const result = await store(first, target);
    expect(result).to.deep.include({
      bucket: "input",
      key: target.key,
      location: "/input/thumbnails/a%20b.mp4",
    });
    expect(result.jobId).to.match(/^[a-z2-7]{52}$/);
    expect(await store(first, target)).to.deep.equal(result);
    const other = await store(second, target);
    expect(other.jobId).to.not.equal(result.jobId);
    const versions = [];
    for await (const { versionId } of objects.listVersions("input", target.key)) versions.push(versionId);
    expect(versions).to.have.length(2);
  });
});
