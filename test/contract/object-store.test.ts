import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { expect } from "chai";
import { type CreatedObject, createLocalObjectStore } from "../../adapters/local/object-store.ts";
import { StoreFailure } from "../../pipeline/ports/failure.ts";

const text = async (stream: Readable): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};
const plain = { contentType: "text/plain" } as const;

describe("the object store of one machine", () => {
  let directory: string;
  let created: CreatedObject[];
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "reelway-objects-"));
    created = [];
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));
  const open = () => createLocalObjectStore({ directory, onCreated: (object) => created.push(object) });

  for (const key of [
    "a/b.mp4",
    "../../etc/passwd",
    "line\r\nbreak",
    "-rf",
    "ü".repeat(512),
    "a+b %41.mp4",
    "/",
  ])
    it(`keeps ${JSON.stringify(key.slice(0, 20))} under its own name`, async () => {
      const store = open();
      await store.write({ bucket: "b", key }, { text: "one" }, { ...plain, metadata: { name: "ü" } });
      const head = await store.head({ bucket: "b", key });
      expect(head).to.include({ key, bytes: 3, contentType: "text/plain" });
      expect(head?.metadata).to.deep.equal({ name: "ü" });
      expect(await text(await store.read({ bucket: "b", key }))).to.equal("one");
    });

  it("keeps every version, the newest first, and reads each by its id", async () => {
    const store = open();
    const reference = { bucket: "b", key: "k" };
    const first = await store.write(reference, { text: "one" }, plain);
    const file = join(directory, "two.txt");
    await writeFile(file, "two!");
    await store.write(reference, { file }, plain);
    const versions: (string | undefined)[] = [];
    for await (const { versionId } of store.listVersions("b", "")) versions.push(versionId);
    expect(versions).to.have.length(2);
    expect(versions[1]).to.equal(first.versionId);
    expect(await text(await store.read({ ...reference, versionId: first.versionId }))).to.equal("one");
    expect(await text(await store.read(reference, { start: 1, end: 2 }))).to.equal("wo");
  });

  it("tells of each creation with a sequencer that rises", async () => {
    const store = open();
    for (let number = 0; number < 20; number += 1)
      await store.write({ bucket: "b", key: "k" }, { text: String(number) }, plain);
    const sequencers = created.map(({ sequencer }) => sequencer);
    expect(sequencers).to.deep.equal([...new Set(sequencers)].sort());
    expect(sequencers).to.have.length(20);
  });

  it("lets one of twenty conditional writes win", async () => {
    const stores = Array.from({ length: 20 }, open);
    const writes = await Promise.allSettled(
      stores.map((store, number) =>
        store.write(
          { bucket: "b", key: "k" },
          { text: String(number) },
          { ...plain, condition: { absent: true } },
        ),
      ),
    );
    expect(writes.filter(({ status }) => status === "fulfilled")).to.have.length(1);
    for (const write of writes)
      if (write.status === "rejected") {
        expect(write.reason).to.be.instanceOf(StoreFailure);
        expect(write.reason.kind).to.equal("precondition");
      }
  });

  it("writes over exactly the object that was seen", async () => {
    const store = open();
    const reference = { bucket: "b", key: "k" };
    const seen = await store.write(reference, { text: "one" }, plain);
    await store.write(reference, { text: "two" }, { ...plain, condition: { etag: seen.etag } });
    let failure: unknown;
    try {
      await store.write(reference, { text: "three" }, { ...plain, condition: { etag: seen.etag } });
    } catch (cause) {
      failure = cause;
    }
    expect(failure).to.be.instanceOf(StoreFailure);
    expect(await text(await store.read(reference))).to.equal("two");
  });

  it("hides a removed object, and takes a new one of its name", async () => {
    const store = open();
    const reference = { bucket: "b", key: "k" };
    await store.write(reference, { text: "one" }, plain);
    await store.remove(reference);
    await store.remove(reference);
    expect(await store.head(reference)).to.equal(undefined);
    await store.write(reference, { text: "two" }, { ...plain, condition: { absent: true } });
    const keys: string[] = [];
    for await (const { key } of store.list("b", "")) keys.push(key);
    expect(keys).to.deep.equal(["k"]);
  });

  it("says that there is no such object", async () => {
    let failure: unknown;
    try {
      await open().read({ bucket: "b", key: "none" });
    } catch (cause) {
      failure = cause;
    }
    expect(failure).to.be.instanceOf(StoreFailure).and.to.include({ kind: "missing" });
  });
});
