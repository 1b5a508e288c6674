import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { expect } from "chai";
import fc from "fast-check";
import type { ObjectStore } from "../../pipeline/ports/object-store.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { collect } from "./collect.ts";

/** One empty, versioned bucket. */
export interface ObjectStoreFixture {
  readonly bucket: string;
  /** Another store on the same objects, as another process would open it. */
  open(): ObjectStore;
}

const plain = { contentType: "text/plain" } as const;

const catchFailure = async (act: Promise<unknown>): Promise<StoreFailure> => {
  try {
    await act;
  } catch (cause) {
    if (cause instanceof StoreFailure) return cause;
    throw cause;
  }
  throw new Error("It was not refused.");
};

/** The contract of `ObjectStore` (pipeline/ports/object-store.ts). */
export const describeObjectStoreContract = (
  name: string,
  openFixture: () => Promise<ObjectStoreFixture>,
): void => {
  describe(`the object store contract, ${name}`, () => {
    let bucket: string;
    let store: ObjectStore;
    let fixture: ObjectStoreFixture;
    let folder: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "reelway-contract-"));
    });
    after(() => rm(folder, { recursive: true, force: true }));
    beforeEach(async () => {
      fixture = await openFixture();
      bucket = fixture.bucket;
      store = fixture.open();
    });
    const writeTemporaryFile = async (bytes: Uint8Array): Promise<string> => {
      const path = join(folder, "body");
      await writeFile(path, bytes);
      return path;
    };
    const read = async (key: string, versionId?: string) =>
      text(await store.read({ bucket, key, ...(versionId === undefined ? {} : { versionId }) }));

    for (const key of ["a/b.mp4", "../../etc/passwd", "-rf", "ü".repeat(512), "a+b %41 & <c>.mp4", "/"])
      it(`stores ${JSON.stringify(key.slice(0, 20))} under its own name`, async () => {
        await store.write({ bucket, key }, { text: "one" }, plain);
        expect(await store.head({ bucket, key })).to.include({ key, bytes: 3, contentType: "text/plain" });
        expect(await read(key)).to.equal("one");
        expect((await collect(store.list(bucket, key.slice(0, 2)))).map((object) => object.key)).to.eql([
          key,
        ]);
        expect((await collect(store.listVersions(bucket, ""))).map((object) => object.key)).to.eql([key]);
      });

    it("returns the head of what it wrote", async () => {
      const metadata = { "reelway-job": "j", "reelway-attempt": "2" };
      const written = await store.write({ bucket, key: "k" }, { text: "one" }, { ...plain, metadata });
      expect(written).to.deep.include({ bucket, key: "k", bytes: 3, contentType: "text/plain", metadata });
      expect(written).to.eql(await store.head({ bucket, key: "k", versionId: written.versionId ?? "none" }));
      expect(written.modifiedAt).to.equal(new Date(written.modifiedAt).toISOString());
    });

    it("returns to each concurrent writer its own version", async () => {
      const texts = Array.from({ length: 8 }, (_, number) => `text ${number}`);
      const heads = await Promise.all(
        texts.map((body) => store.write({ bucket, key: "k" }, { text: body }, plain)),
      );
      expect(await Promise.all(heads.map(({ versionId }) => read("k", versionId)))).to.eql(texts);
      const stored = await Promise.all(
        heads.map(({ versionId }) => store.head({ bucket, key: "k", versionId: versionId ?? "none" })),
      );
      expect(heads.map(({ etag }) => etag)).to.eql(stored.map((head) => head?.etag));
    });

    it("writes a file of any size unchanged", async () => {
      for (const canLink of [false, true])
        for (const bytes of [0, 1, 17 * 2 ** 20]) {
          const body = Buffer.alloc(bytes, "reelway");
          const written = await store.write(
            { bucket, key: "k" },
            { file: await writeTemporaryFile(body), canLink },
            plain,
          );
          expect(written).to.include({ bytes, contentType: "text/plain" });
          const stored = await buffer(await store.read({ bucket, key: "k", etag: written.etag }));
          expect(stored.equals(body), `${bytes} bytes`).to.equal(true);
        }
    });

    it("lists every version, newest first, and reads each by id", async () => {
      const first = await store.write({ bucket, key: "k" }, { text: "one" }, plain);
      const second = await store.write(
        { bucket, key: "k" },
        { file: await writeTemporaryFile(Buffer.from("two!")) },
        plain,
      );
      await store.write({ bucket, key: "other" }, { text: "" }, plain);
      const versions = await collect(store.listVersions(bucket, "k"));
      expect(
        versions.map(({ versionId, bytes, isLatest }) => ({ versionId, bytes, latest: isLatest })),
      ).to.eql([
        { versionId: second.versionId, bytes: 4, latest: true },
        { versionId: first.versionId, bytes: 3, latest: false },
      ]);
      expect(await read("k", first.versionId)).to.equal("one");
      expect(await read("k")).to.equal("two!");
    });

    it("reads a range with both ends included, up to the end of the object", async () => {
      await store.write({ bucket, key: "k" }, { text: "0123456789" }, plain);
      const range = async (start: number, end: number) =>
        text(await store.read({ bucket, key: "k" }, { start, end }));
      expect([await range(0, 0), await range(3, 5), await range(8, 50)]).to.eql(["0", "345", "89"]);
      expect(await range(10, 50)).to.equal("");
    });

    it("reads an object while it has the expected ETag", async () => {
      const head = await store.write({ bucket, key: "k" }, { text: "0123" }, plain);
      const reference = { bucket, key: "k", etag: head.etag };
      expect(await text(await store.read(reference, { start: 1, end: 2 }))).to.equal("12");
      await store.write({ bucket, key: "k" }, { text: "4567" }, plain);
      for (const range of [undefined, { start: 1, end: 2 }, { start: 10, end: 20 }])
        expect((await catchFailure(store.read(reference, range))).kind).to.equal("precondition");
    });

    it("returns metadata unchanged for any characters", async function () {
      this.timeout(60_000);
      const anyText = fc.oneof(
        fc.string(),
        fc.string({ unit: "binary", maxLength: 20 }),
        fc.constant("%C3%BC"),
      );
      await fc.assert(
        fc.asyncProperty(anyText, anyText, async (one, two) => {
          const metadata = { one, "with-hyphen": two };
          await store.write({ bucket, key: "k" }, { text: "" }, { ...plain, metadata });
          expect((await store.head({ bucket, key: "k" }))?.metadata).to.eql(metadata);
        }),
        {
          numRuns: 40,
          examples: [
            ["", " on the edge "],
            ["ü", "%FC"],
            ["UTF-8''a", "100%"],
            ["a\r\nb: c", "\t"],
          ],
        },
      );
    });

    it("writes once if no object exists", async () => {
      const absent = { ...plain, condition: { absent: true } } as const;
      await store.write({ bucket, key: "k" }, { text: "one" }, absent);
      const large = { file: await writeTemporaryFile(Buffer.alloc(17 * 2 ** 20)) };
      for (const body of [{ text: "two" }, large])
        expect((await catchFailure(store.write({ bucket, key: "k" }, body, absent))).kind).to.equal(
          "precondition",
        );
      expect(await read("k")).to.equal("one");
    });

    it("overwrites the expected object only", async () => {
      const head = await store.write({ bucket, key: "k" }, { text: "one" }, plain);
      const over = { ...plain, condition: { etag: head.etag } };
      await store.write({ bucket, key: "k" }, { text: "two" }, over);
      expect((await catchFailure(store.write({ bucket, key: "k" }, { text: "three" }, over))).kind).to.equal(
        "precondition",
      );
      expect(await read("k")).to.equal("two");
    });

    it("does not write over an expected object that is gone", async () => {
      const head = await store.write({ bucket, key: "k" }, { text: "one" }, plain);
      await store.remove({ bucket, key: "k" });
      const over = { ...plain, condition: { etag: head.etag } };
      expect((await catchFailure(store.write({ bucket, key: "k" }, { text: "two" }, over))).kind).to.equal(
        "precondition",
      );
      expect(await store.head({ bucket, key: "k" })).to.equal(undefined);
    });

    it("hides a removed object and accepts a new one under its key", async () => {
      const first = await store.write({ bucket, key: "k" }, { text: "one" }, plain);
      await store.remove({ bucket, key: "k" });
      await store.remove({ bucket, key: "k" });
      expect(await store.head({ bucket, key: "k" })).to.equal(undefined);
      expect((await catchFailure(store.read({ bucket, key: "k" }))).kind).to.equal("missing");
      expect(await collect(store.list(bucket, ""))).to.eql([]);
      expect(await read("k", first.versionId)).to.equal("one");
      await store.write({ bucket, key: "k" }, { text: "two" }, { ...plain, condition: { absent: true } });
      expect((await collect(store.list(bucket, ""))).map(({ key }) => key)).to.eql(["k"]);
    });

    it("hides an object if its version is removed, and keeps that version", async () => {
      const { versionId } = await store.write({ bucket, key: "k" }, { text: "one" }, plain);
      await store.remove({ bucket, key: "k", versionId: versionId ?? "none" });
      expect(await store.head({ bucket, key: "k" })).to.equal(undefined);
      expect(await read("k", versionId)).to.equal("one");
    });

    it("deletes versions permanently, also twice, and accepts a new object under the key", async () => {
      const write = (text: string) => store.write({ bucket, key: "k" }, { text }, plain);
      const [first, second, third] = [await write("one"), await write("two"), await write("three")];
      const other = await store.write({ bucket, key: "k2" }, { text: "other" }, plain);
      const otherIds = ["k2", other.versionId];
      const listIds = async () =>
        (await collect(store.listVersions(bucket, ""))).map(({ key, versionId }) => [key, versionId]);
      for (let time = 0; time < 2; time += 1)
        await store.removeVersions(bucket, [
          { key: "k", versionId: third.versionId },
          { key: "k", versionId: first.versionId },
        ]);
      expect(await read("k")).to.equal("two");
      expect(await listIds()).to.eql([["k", second.versionId], otherIds]);
      await store.remove({ bucket, key: "k" });
      await store.removeVersions(bucket, [{ key: "k", versionId: second.versionId }]);
      expect(await listIds()).to.eql([otherIds]);
      expect(await store.head({ bucket, key: "k" })).to.equal(undefined);
      const fourth = await write("four");
      expect([first, second, third].map(({ versionId }) => versionId)).to.not.include(fourth.versionId);
      expect(await read("k")).to.equal("four");
      expect(await store.head({ bucket, key: "k", versionId: first.versionId ?? "none" })).to.equal(
        undefined,
      );
    });

    it("lists every object under a prefix, however many", async function () {
      this.timeout(120_000);
      const keys = Array.from({ length: 1010 }, (_, number) => `many/${String(number).padStart(4, "0")}`);
      for (let from = 0; from < keys.length; from += 20)
        await Promise.all(
          keys.slice(from, from + 20).map((key) => store.write({ bucket, key }, { text: "" }, plain)),
        );
      await store.write({ bucket, key: "few/1" }, { text: "" }, plain);
      expect((await collect(store.list(bucket, "many/"))).map(({ key }) => key)).to.eql(keys);
      expect((await collect(store.listVersions(bucket, "many/"))).map(({ key }) => key)).to.eql(keys);
      const [first, ...rest] = await collect(store.listVersionPages(bucket, "many/"));
      const later = await collect(store.listVersionPages(bucket, "many/", first?.next));
      expect(later).to.eql(rest);
      expect([first, ...later].flatMap((page) => page?.versions ?? []).map(({ key }) => key)).to.eql(keys);
      expect(first?.versions.length).to.equal(1000);
      const afterLast = await collect(store.listVersionPages(bucket, "few/", { key: "few/1" }));
      expect(afterLast.map(({ versions, next }) => [versions, next])).to.eql([[[], undefined]]);
    });

    it("reports a missing object", async () => {
      expect(await store.head({ bucket, key: "none" })).to.equal(undefined);
      expect((await catchFailure(store.read({ bucket, key: "none" }))).kind).to.equal("missing");
      await store.remove({ bucket, key: "none" });
    });

    it("ends an aborted read", async () => {
      await store.write(
        { bucket, key: "k" },
        { file: await writeTemporaryFile(Buffer.alloc(8 * 2 ** 20)) },
        plain,
      );
      const control = new AbortController();
      const body = await store.read({ bucket, key: "k" }, undefined, control.signal);
      const reading = buffer(body).then(
        () => "read whole",
        () => "given up",
      );
      control.abort();
      expect(await reading).to.equal("given up");
    });
  });
};
