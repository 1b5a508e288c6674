import { expect } from "chai";
import { parseRange } from "../../../pipeline/ports/range-header.ts";

describe("the range of a request", () => {
  it("is a part with both ends included, clamped to the object", () => {
    expect(parseRange("bytes=2-5", 10)).to.deep.equal({ kind: "partial", start: 2, end: 5 });
    expect(parseRange("bytes=2-", 10)).to.deep.equal({ kind: "partial", start: 2, end: 9 });
    expect(parseRange("bytes=-3", 10)).to.deep.equal({ kind: "partial", start: 7, end: 9 });
    expect(parseRange("bytes=-30", 10)).to.deep.equal({ kind: "partial", start: 0, end: 9 });
    expect(parseRange("bytes=2-50", 10)).to.deep.equal({ kind: "partial", start: 2, end: 9 });
  });
  it("is unsatisfiable after the end and for zero bytes", () => {
    expect(parseRange("bytes=10-", 10)).to.deep.equal({ kind: "unsatisfiable" });
    expect(parseRange("bytes=-0", 10)).to.deep.equal({ kind: "unsatisfiable" });
    expect(parseRange("bytes=0-", 0)).to.deep.equal({ kind: "unsatisfiable" });
  });
  it("is the whole object if the header is absent, unknown or invalid", () => {
    for (const header of [undefined, "items=1-2", "bytes=-", "bytes=5-2", "bytes=0-1,3-4"])
      expect(parseRange(header, 10)).to.deep.equal({ kind: "full" });
  });
});
