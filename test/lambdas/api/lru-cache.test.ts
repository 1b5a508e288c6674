import { expect } from "chai";
import { createLruCache } from "../../../lambdas/api/lru-cache.ts";

describe("an LRU cache", () => {
  it("keeps the most recently used entries up to its size", () => {
    const map = createLruCache<string, number>(2);
    map.set("a", 1);
    map.set("b", 2);
    expect(map.get("a")).to.equal(1);
    map.set("c", 3);
    expect(["a", "b", "c"].map((key) => map.get(key))).to.deep.equal([1, undefined, 3]);
    map.set("a", 4);
    map.set("d", 5);
    expect(["a", "c", "d"].map((key) => map.get(key))).to.deep.equal([4, undefined, 5]);
    expect(map.size).to.equal(2);
  });

  it("removes deleted entries", () => {
    const map = createLruCache<string, number>(2);
    map.set("a", 1);
    map.delete("a");
    expect([map.get("a"), map.size]).to.deep.equal([undefined, 0]);
  });
});
