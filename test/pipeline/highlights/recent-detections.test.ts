import { expect } from "chai";
import fc from "fast-check";
import { isNearDuplicate } from "../../../pipeline/highlights/candidate.ts";
import {
  findSimilarDetection,
  maxReuseSeconds,
  type RecentDetection,
  rememberDetection,
} from "../../../pipeline/highlights/recent-detections.ts";

const time = 1_790_000_000;
const [bars, face] = ["00ff00ff00ff00ff", "0f0f0f0f0f0f0f0f"];
const build = (hash: string, at = time): RecentDetection => ({ hash, time: at, labels: [] });

describe("recent detections", () => {
  it("stand for frames that look the same, also of the view before", () => {
    const detections = [build(bars), build(face)];
    expect(findSimilarDetection(detections, "00ff00ff00ff00fc", time + 1)).to.equal(detections[0]);
    expect(findSimilarDetection(detections, "0f0f0f0f0f0f0f0d", time + 1)).to.equal(detections[1]);
    expect(findSimilarDetection(detections, "00ff00ff00ff00f8", time + 1)).to.equal(undefined);
  });

  it("stand for them by the latest one of their view", () => {
    const detections = [build(bars), build(bars, time + 1), build(face, time + 2)];
    expect(findSimilarDetection(detections, bars, time + 3)).to.equal(detections[1]);
  });

  it("stand for a minute, also after the clock has jumped back", () => {
    const detections = [build(bars)];
    expect(findSimilarDetection(detections, bars, time + maxReuseSeconds)).to.equal(detections[0]);
    for (const seconds of [maxReuseSeconds + 0.1, -maxReuseSeconds - 0.1])
      expect(findSimilarDetection(detections, bars, time + seconds)).to.equal(undefined);
  });

  it("do not stand for dark frames, unless they are the last ones", () => {
    for (const dark of ["0000000000000000", "000000000000007f"]) {
      expect(findSimilarDetection([build(dark), build(face)], dark, time)).to.equal(undefined);
      expect(findSimilarDetection([build(face), build(dark)], dark, time)).to.deep.equal(build(dark));
    }
    const lit = "00000000000000ff";
    expect(findSimilarDetection([build(lit), build(face)], lit, time)).to.deep.equal(build(lit));
  });

  it("are limited in number, and stand for near-duplicates only", () => {
    const hashes = fc
      .array(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), { minLength: 1, maxLength: 40 })
      .map((all) => all.map((bits) => bits.toString(16).padStart(16, "0")));
    fc.assert(
      fc.property(hashes, fc.array(fc.integer({ min: 0, max: 39 })), (views, shown) => {
        let detections: readonly RecentDetection[] = [];
        for (const index of shown) {
          const hash = views[index % views.length] ?? "";
          const similar = findSimilarDetection(detections, hash, time);
          if (similar === undefined) detections = rememberDetection(detections, build(hash));
          else expect(isNearDuplicate(similar.hash, hash)).to.equal(true);
          expect(detections.length).to.be.at.most(8);
          expect(findSimilarDetection(detections, hash, time)).to.not.equal(undefined);
        }
      }),
    );
  });
});
