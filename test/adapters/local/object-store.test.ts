import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { type CreatedObject, createLocalObjectStore } from "../../../adapters/local/object-store.ts";
import { versionRecord } from "../../../adapters/local/object-version.ts";
import { compareSequencers } from "../../../pipeline/jobs/ownership.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { collect } from "../../contract/collect.ts";

const plain = { contentType: "text/plain" } as const;
const key = { bucket: "b", key: "k" } as const;
const noKeys: ReadonlySet<string> = new Set();

describe("versions in the object store of one machine", () => {
  let directory: string;
  let created: CreatedObject[];
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "reelway-objects-"));
    created = [];
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));
  const open = () => createLocalObjectStore({ directory, onCreated: (object) => created.push(object) });
  const listFiles = async () =>
    (await readdir(directory, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort();
  const readRecord = async (number: number): Promise<string> => {
    const [folder] = await readdir(join(directory, "b"));
    return join(directory, "b", folder ?? "", `${number}.json`);
  };
  /** Changes a version's time, as if the clock had been set back since. */
  const moveTo = async (number: number, time: Date): Promise<void> => {
    const path = await readRecord(number);
    const record = versionRecord.parse(JSON.parse(await readFile(path, "utf8")));
    const sequencer = (BigInt(time.getTime()) * 1000n).toString(16).padStart(16, "0").toUpperCase();
    await writeFile(path, JSON.stringify({ ...record, sequencer, modifiedAt: time.toISOString() }));
    return;
  };

  it("removes and replaces only the given version, even if another has the same bytes", async () => {
    const store = open();
    const first = await store.write(key, { text: "same" }, plain);
    const second = await store.write(key, { text: "same" }, plain);
    const catchKind = (act: Promise<unknown>) =>
      act.then(
        () => "done",
        (cause: unknown) => (cause instanceof StoreFailure ? cause.kind : cause),
      );
    const { etag, versionId } = first;
    expect(first.etag).to.equal(second.etag);
    expect(await catchKind(store.remove(key, { etag, versionId }))).to.equal("precondition");
    const write = store.write(key, { text: "x" }, { ...plain, condition: { etag, versionId } });
    expect(await catchKind(write)).to.equal("precondition");
    expect((await store.head(key))?.versionId).to.equal(second.versionId);
    expect(await catchKind(store.remove(key, second))).to.equal("done");
    expect(await store.head(key)).to.equal(undefined);
  });

  it("orders versions by creation even if the clock was set back", async () => {
    await open().write(key, { text: "one" }, plain);
    const future = new Date(Date.now() + 3_600_000);
    await moveTo(1, future);
    const earlier = (await open().head(key)) as CreatedObject;
    await open().write(key, { text: "two" }, plain);
    const later = created.at(-1);
    expect(compareSequencers(earlier.sequencer, later?.sequencer ?? "")).to.be.below(0);
    expect(Date.parse(later?.modifiedAt ?? "")).to.be.at.least(future.getTime());
    await open().remove(key);
    await open().write(key, { text: "three" }, plain);
    expect(compareSequencers(later?.sequencer ?? "", created.at(-1)?.sequencer ?? "")).to.be.below(0);
  });

  it("removes files left by killed writers and leaves none itself", async () => {
    await mkdir(join(directory, ".staging"));
    await writeFile(join(directory, ".staging/0123.part"), "half a film");
    const store = open();
    await store.clearStaging();
    await store.write(key, { text: "one" }, plain);
    await store.write(key, { text: "two" }, { ...plain, condition: { absent: true } }).catch(() => undefined);
    expect(await listFiles()).to.deep.equal(["1.bytes", "1.json"]);
  });

  it("takes over a file without a copy", async () => {
    const store = open();
    const file = join(directory, "whole");
    await writeFile(file, "a film");
    await store.writeByLink(key, file, { ...plain, metadata: { a: "b" } });
    expect((await stat((await store.findFile("b", "k")) ?? "")).ino).to.equal((await stat(file)).ino);
    await rm(file);
    expect(await text(await store.read(key))).to.equal("a film");
    expect(created).to.have.length(1);
    expect((await store.head(key))?.metadata).to.deep.equal({ a: "b" });
  });

  it("links a file that is not changed afterwards, with an ETag of its own", async () => {
    const store = open();
    const file = join(directory, "whole");
    await writeFile(file, "a film");
    const first = await store.write(key, { file, canLink: true }, plain);
    const { etag, versionId } = first;
    const condition = { etag, versionId };
    expect((await stat((await store.findFile("b", "k")) ?? "")).ino).to.equal((await stat(file)).ino);
    const second = await store.write(key, { file, canLink: true }, { ...plain, condition });
    await rm(file);
    expect(first.bytes).to.equal(6);
    expect(second.etag).not.to.equal(first.etag);
    expect((await store.head(key))?.etag).to.equal(second.etag);
    expect(await text(await store.read({ ...key, etag: second.etag }))).to.equal("a film");
    expect(await listFiles()).to.deep.equal(["1.bytes", "1.json", "2.bytes", "2.json"]);
  });

  it("deletes versions replaced long ago, but none in use", async () => {
    const store = open();
    const versions: string[] = [];
    for (const body of ["one", "two", "three", "four"])
      versions.push((await store.write(key, { text: body }, plain)).versionId ?? "");
    const day = 86_400_000;
    for (const [index, age] of [9, 8, 7, 0].entries())
      await moveTo(index + 1, new Date(Date.now() - age * day));
    const replacedBefore = new Date(Date.now() - day);
    expect(await store.prune("b", { replacedBefore, keepVersionIds: new Set([versions[0] ?? ""]) })).to.equal(
      1,
    );
    const versionsLeft = await collect(store.listVersions("b", ""));
    expect(versionsLeft.map(({ versionId }) => versionId)).to.deep.equal([
      versions[3],
      versions[2],
      versions[0],
    ]);
    expect(await listFiles()).to.deep.equal(["1.bytes", "1.json", "3.bytes", "3.json", "4.bytes", "4.json"]);
    expect(await text(await store.read({ ...key, versionId: versions[0] ?? "" }))).to.equal("one");
  });

  it("keeps the newest version and the delete marker, which continue the numbering", async () => {
    const store = open();
    await store.write(key, { text: "one" }, plain);
    await store.remove(key);
    await store.write({ bucket: "b", key: "other" }, { text: "" }, plain);
    await writeFile((await readRecord(0)).replace("0.json", "0.bytes"), "left by a crash");
    const later = new Date(Date.now() + 1000);
    expect(await store.prune("b", { replacedBefore: later, keepVersionIds: noKeys })).to.equal(1);
    expect(await store.prune("b", { replacedBefore: later, keepVersionIds: noKeys })).to.equal(0);
    expect(await listFiles()).to.deep.equal(["1.bytes", "1.json", "2.json"]);
    expect((await store.write(key, { text: "three" }, plain)).versionId).to.match(/^3-/);
  });

  it("skips a record left empty by a power failure, and writes after it", async () => {
    const store = open();
    await store.write(key, { text: "one" }, plain);
    await store.write(key, { text: "two" }, plain);
    await writeFile(await readRecord(2), "");
    expect(await text(await store.read(key))).to.equal("one");
    expect((await collect(store.listVersions("b", ""))).length).to.equal(1);
    await store.write(key, { text: "three" }, plain);
    expect(await text(await store.read(key))).to.equal("three");
  });

  it("reads an object's record only when the listing reaches it", async () => {
    const store = open();
    for (const name of ["a", "b", "c"]) await store.write({ bucket: "b", key: name }, { text: name }, plain);
    const keys: string[] = [];
    for await (const { key: name, bytes } of store.list("b", "")) {
      keys.push(`${name} ${bytes}`);
      if (name === "a") await store.write({ bucket: "b", key: "c" }, { text: "longer" }, plain);
      if (name === "a") await store.remove({ bucket: "b", key: "b" });
    }
    expect(keys).to.deep.equal(["a 1", "c 6"]);
  });
});
