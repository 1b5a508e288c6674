import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { expect } from "chai";
import fc from "fast-check";
import type { ObjectStore } from "../../pipeline/ports/object-store.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { collect } from "./collect.ts";

/** A place with one empty, versioned bucket. */
export interface ObjectStoreHome {
  readonly bucket: string;
  /** Another store over the same objects, as another process would open it. */
  open(): ObjectStore;
}

const plain = { contentType: "text/plain" } as const;

const failureOf = async (act: Promise<unknown>): Promise<StoreFailure> => {
  try {
    await act;
  } catch (cause) {
    if (cause instanceof StoreFailure) return cause;
    throw cause;
  }
  throw new Error("It was not refused.");
};

/** What every `ObjectStore` holds (pipeline/ports/object-store.ts). */
export const describeObjectStoreContract = (name: string, makeHome: () => Promise<ObjectStoreHome>): void => {
  describe(`the object store contract, ${name}`, () => {
    let bucket: string;
    let store: ObjectStore;
    let home: ObjectStoreHome;
    let folder: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "reelway-contract-"));
    });
    after(() => rm(folder, { recursive: true, force: true }));
    beforeEach(async () => {
      home = await makeHome();
      bucket = home.bucket;
      store = home.open();
    });
    const file = async (bytes: Uint8Array): Promise<string> => {
      const path = join(folder, "body");
      await writeFile(path, bytes);
      return path;
    };
    const read = async (key: string, versionId?: string) =>
      text(await store.read({ bucket, key, ...(versionId === undefined ? {} : { versionId }) }));

    for (const key of ["a/b.mp4", "../../etc/passwd", "-rf", "ü".repeat(512), "a+b %41 & <c>.mp4", "/"])
      it(`keeps ${JSON.stringify(key.slice(0, 20))} under its own name`, async () => {
        await store.write({ bucket, key }, { text: "one" }, plain);
        expect(await store.head({ bucket, key })).to.include({ key, bytes: 3, contentType: "text/plain" });
        expect(await read(key)).to.equal("one");
        expect((await collect(store.list(bucket, key.slice(0, 2)))).map((object) => object.key)).to.eql([
          key,
        ]);
        expect((await collect(store.listVersions(bucket, ""))).map((object) => object.key)).to.eql([key]);
      });

    it("answers a write with the head of exactly what it wrote", async () => {
      const metadata = { "reelway-job": "j", "reelway-attempt": "2" };
      const written = await store.write({ bucket, key: "k" }, { text: "one" }, { ...plain, metadata });
      expect(written).to.deep.include({ bucket, key: "k", bytes: 3, contentType: "text/plain", metadata });
      expect(written).to.eql(await store.head({ bucket, key: "k", versionId: written.versionId ?? "none" }));
      expect(written.modifiedAt).to.equal(new Date(written.modifiedAt).toISOString());
    });

    it("answers each of many writers of one key with its own version", async () => {
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

    it("writes a file of any size as it is", async () => {
      for (const bytes of [0, 1, 17 * 2 ** 20]) {
        const body = Buffer.alloc(bytes, "reelway");
        const written = await store.write({ bucket, key: "k" }, { file: await file(body) }, plain);
        expect(written).to.include({ bytes, contentType: "text/plain" });
        const stored = await buffer(await store.read({ bucket, key: "k" }));
        expect(stored.equals(body), `${bytes} bytes`).to.equal(true);
      }
    });

    it("keeps every version, the newest first, and reads each by its id", async () => {
      const first = await store.write({ bucket, key: "k" }, { text: "one" }, plain);
      const second = await store.write(
        { bucket, key: "k" },
        { file: await file(Buffer.from("two!")) },
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

    it("reads a range, both its ends included, as far as there are bytes", async () => {
      await store.write({ bucket, key: "k" }, { text: "0123456789" }, plain);
      const range = async (start: number, end: number) =>
        text(await store.read({ bucket, key: "k" }, { start, end }));
      expect([await range(0, 0), await range(3, 5), await range(8, 50)]).to.eql(["0", "345", "89"]);
      expect(await range(10, 50)).to.equal("");
    });

    it("reads an object as long as it is the one that was seen", async () => {
      const seen = await store.write({ bucket, key: "k" }, { text: "0123" }, plain);
      const reference = { bucket, key: "k", etag: seen.etag };
      expect(await text(await store.read(reference, { start: 1, end: 2 }))).to.equal("12");
      await store.write({ bucket, key: "k" }, { text: "4567" }, plain);
      for (const range of [undefined, { start: 1, end: 2 }, { start: 10, end: 20 }])
        expect((await failureOf(store.read(reference, range))).kind).to.equal("precondition");
    });

    it("gives metadata back as it was, whatever its characters", async function () {
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

    it("writes where no object is, once", async () => {
      const absent = { ...plain, condition: { absent: true } } as const;
      await store.write({ bucket, key: "k" }, { text: "one" }, absent);
      const large = { file: await file(Buffer.alloc(17 * 2 ** 20)) };
      for (const body of [{ text: "two" }, large])
        expect((await failureOf(store.write({ bucket, key: "k" }, body, absent))).kind).to.equal(
          "precondition",
        );
      expect(await read("k")).to.equal("one");
    });

    it("writes over exactly the object that was seen", async () => {
      const seen = await store.write({ bucket, key: "k" }, { text: "one" }, plain);
      const over = { ...plain, condition: { etag: seen.etag } };
      await store.write({ bucket, key: "k" }, { text: "two" }, over);
      expect((await failureOf(store.write({ bucket, key: "k" }, { text: "three" }, over))).kind).to.equal(
        "precondition",
      );
      expect(await read("k")).to.equal("two");
    });

    it("does not write over an object that was seen and is gone", async () => {
      const seen = await store.write({ bucket, key: "k" }, { text: "one" }, plain);
      await store.remove({ bucket, key: "k" });
      const over = { ...plain, condition: { etag: seen.etag } };
      expect((await failureOf(store.write({ bucket, key: "k" }, { text: "two" }, over))).kind).to.equal(
        "precondition",
      );
      expect(await store.head({ bucket, key: "k" })).to.equal(undefined);
    });

    it("hides a removed object, and takes a new one of its name", async () => {
      const first = await store.write({ bucket, key: "k" }, { text: "one" }, plain);
      await store.remove({ bucket, key: "k" });
      await store.remove({ bucket, key: "k" });
      expect(await store.head({ bucket, key: "k" })).to.equal(undefined);
      expect((await failureOf(store.read({ bucket, key: "k" }))).kind).to.equal("missing");
      expect(await collect(store.list(bucket, ""))).to.eql([]);
      expect(await read("k", first.versionId)).to.equal("one");
      await store.write({ bucket, key: "k" }, { text: "two" }, { ...plain, condition: { absent: true } });
      expect((await collect(store.list(bucket, ""))).map(({ key }) => key)).to.eql(["k"]);
    });

    it("hides an object whose version is named, and never destroys that version", async () => {
      const { versionId } = await store.write({ bucket, key: "k" }, { text: "one" }, plain);
      await store.remove({ bucket, key: "k", versionId: versionId ?? "none" });
      expect(await store.head({ bucket, key: "k" })).to.equal(undefined);
      expect(await read("k", versionId)).to.equal("one");
    });

    it("lists every object under a prefix by its key, however many", async function () {
      this.timeout(120_000);
      const keys = Array.from({ length: 1010 }, (_, number) => `many/${String(number).padStart(4, "0")}`);
      for (let from = 0; from < keys.length; from += 20)
        await Promise.all(
          keys.slice(from, from + 20).map((key) => store.write({ bucket, key }, { text: "" }, plain)),
        );
      await store.write({ bucket, key: "few/1" }, { text: "" }, plain);
      expect((await collect(store.list(bucket, "many/"))).map(({ key }) => key)).to.eql(keys);
      expect((await collect(store.listVersions(bucket, "many/"))).map(({ key }) => key)).to.eql(keys);
    });

    it("says that there is no such object", async () => {
      expect(await store.head({ bucket, key: "none" })).to.equal(undefined);
      expect((await failureOf(store.read({ bucket, key: "none" }))).kind).to.equal("missing");
      await store.remove({ bucket, key: "none" });
    });

    it("ends a read that is given up", async () => {
      await store.write({ bucket, key: "k" }, { file: await file(Buffer.alloc(8 * 2 ** 20)) }, plain);
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
