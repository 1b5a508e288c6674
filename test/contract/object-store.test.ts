import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type CreatedObject, createLocalObjectStore } from "../../adapters/local/object-store.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { describeObjectStoreContract } from "./object-store.ts";

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

  describeObjectStoreContract("embedded", async () => ({ bucket: "b", open }));

  it("stores a key with a line break", async () => {
    const store = open();
    const key = "line\r\nbreak";
    await store.write({ bucket: "b", key }, { text: "one" }, plain);
    expect(await store.head({ bucket: "b", key })).to.include({ key, bytes: 3 });
  });

  it("reports each creation with an increasing sequencer", async () => {
    const store = open();
    for (let number = 0; number < 20; number += 1)
      await store.write({ bucket: "b", key: "k" }, { text: String(number) }, plain);
    const sequencers = created.map(({ sequencer }) => sequencer);
    expect(sequencers).to.deep.equal([...new Set(sequencers)].sort());
    expect(sequencers).to.have.length(20);
  });

  it("lets one of twenty concurrent conditional writes win", async () => {
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
});
