import { expect } from "chai";
import fc from "fast-check";
import {
  buildCandidateSelect,
  computeHashDistance,
  isNearDuplicate,
  maxDuplicateDistance,
} from "../../../pipeline/highlights/candidate.ts";

const hashes = fc
  .bigInt({ min: 0n, max: (1n << 64n) - 1n })
  .map((bits) => bits.toString(16).padStart(16, "0"));

describe("candidate frames", () => {
  it("are selected by scene score and by cell of time", () => {
    expect(buildCandidateSelect(0.2, 5)).to.equal(
      "if(gt(scene,0.2),if(eq(ld(0),floor(t)),if(lt(ld(1),4),gte(st(1,ld(1)+1),0)),1+0*st(0,floor(t))*st(1,1)))+isnan(prev_t)+not(eq(floor(t/5),floor(prev_t/5)))",
    );
  });
});

describe("the distance of two hashes", () => {
  it("is the number of different bits", () => {
    expect(computeHashDistance("0000000000000000", "ffffffffffffffff")).to.equal(64);
    expect(computeHashDistance("8000000000000001", "0000000000000000")).to.equal(2);
    expect(computeHashDistance("00000000000000f0", "000000000000000f")).to.equal(8);
  });

  it("is a metric", () => {
    fc.assert(
      fc.property(hashes, hashes, hashes, (a, b, c) => {
        expect(computeHashDistance(a, a)).to.equal(0);
        expect(computeHashDistance(a, b)).to.equal(computeHashDistance(b, a));
        expect(computeHashDistance(a, c)).to.be.at.most(
          computeHashDistance(a, b) + computeHashDistance(b, c),
        );
      }),
    );
  });

  it("decides near-duplicates", () => {
    const withBits = (count: number) => ((1n << BigInt(count)) - 1n).toString(16).padStart(16, "0");
    expect(isNearDuplicate(withBits(0), withBits(maxDuplicateDistance))).to.equal(true);
    expect(isNearDuplicate(withBits(0), withBits(maxDuplicateDistance + 1))).to.equal(false);
  });
});
