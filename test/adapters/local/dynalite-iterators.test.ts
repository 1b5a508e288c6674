import { once } from "node:events";
import { expect } from "chai";
import database, { type Iterator } from "dynalite/db/index.js";
import { closeIterators } from "../../../adapters/local/dynalite-iterators.ts";

describe("iterators of the embedded database", () => {
  it("are closed after every read, complete or not", async () => {
    const store = database.create({});
    const open = new Set<Iterator>();
    for (const name of ["keys", "values"] as const) {
      const create = store.db[name].bind(store.db);
      store.db[name] = (range) => {
        const iterator = create(range);
        const close = iterator.close.bind(iterator);
        open.add(iterator);
        iterator.close = async () => {
          await close();
          open.delete(iterator);
        };
        return iterator;
      };
    }
    closeIterators(store);
    for (const key of ["a", "b", "c"]) await store.db.put(key, { key });
    try {
      for (const stream of [store.db.createKeyStream(), store.db.createValueStream({ gte: "b" })]) {
        const closed = once(stream, "close");
        const read: unknown[] = [];
        for await (const one of stream) read.push(one);
        await closed;
        expect(read.length).to.be.greaterThan(1);
      }
      const cut = store.db.createValueStream();
      await once(cut, "readable");
      const closed = once(cut, "close");
      cut.destroy();
      await closed;
      expect(open.size).to.equal(0);
    } finally {
      await store.db.close();
    }
  });
});
