import { expect } from "chai";
import fc from "fast-check";
import { isNearDuplicate } from "../../../pipeline/highlights/candidate.ts";
import { isSameView } from "../../../pipeline/highlights/gray-levels.ts";
import {
  findSimilarDetection,
  listSameViews,
  maxReuseSeconds,
  type RecentDetection,
  rememberDetection,
} from "../../../pipeline/highlights/recent-detections.ts";

const time = 1_790_000_000;
const [bars, face] = ["00ff00ff00ff00ff", "0f0f0f0f0f0f0f0f"];
/** The gray levels of an even frame. */
const fill = (level: number): string => level.toString(16).padStart(2, "0").repeat(64);
const build = (hash: string, level = 128, at = time): RecentDetection => ({
  hash,
  grayLevels: fill(level),
  time: at,
  labels: [],
});
const find = (detections: readonly RecentDetection[], hash: string, at = time + 1, level = 128) =>
  findSimilarDetection(detections, hash, at, async () => fill(level));

describe("recent detections", () => {
  it("stand for frames of the same view, also of one before the last", async () => {
    const detections = [build(bars), build(face)];
    expect(await find(detections, "00ff00ff00ff00fc")).to.equal(detections[0]);
    expect(await find(detections, "0f0f0f0f0f0f0f0d")).to.equal(detections[1]);
    expect(await find(detections, "00ff00ff00ff00f8")).to.equal(undefined);
  });

  it("compare the whole view with those before the last, and hashes alone with the last one", async () => {
    const detections = [build(bars), build(face)];
    expect(await find(detections, bars, time, 136)).to.equal(undefined);
    expect(await find(detections, face, time, 136)).to.equal(detections[1]);
    const unreadable = async () => undefined;
    expect(await findSimilarDetection(detections, bars, time, unreadable)).to.equal(undefined);
    const { grayLevels: _, ...incomplete } = build(bars);
    expect(await find([incomplete, build(face)], bars)).to.equal(undefined);
  });

  it("stand for a minute, also after the clock has jumped back", async () => {
    const detections = [build(bars)];
    expect(await find(detections, bars, time + maxReuseSeconds)).to.equal(detections[0]);
    for (const seconds of [maxReuseSeconds + 0.1, -maxReuseSeconds - 0.1]) {
      expect(await find(detections, bars, time + seconds)).to.equal(undefined);
      expect(listSameViews(detections, fill(128), time + seconds)).to.deep.equal([]);
    }
  });

  it("are listed by view, the one shown last first", () => {
    const detections = [build(bars), build(face, 200), build(face, 130)];
    expect(listSameViews(detections, fill(127), time)).to.deep.equal([detections[2], detections[0]]);
  });

  it("are limited in number: the view that was not shown for longest is dropped", async () => {
    const hashes = fc
      .array(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), { minLength: 1, maxLength: 40 })
      .map((all) => all.map((bits) => bits.toString(16).padStart(16, "0")));
    await fc.assert(
      fc.asyncProperty(hashes, fc.array(fc.integer({ min: 0, max: 39 })), async (views, shown) => {
        let detections: readonly RecentDetection[] = [];
        for (const index of shown) {
          const hash = views[index % views.length] ?? "";
          const similar = await find(detections, hash);
          if (similar !== undefined) expect(isNearDuplicate(similar.hash, hash)).to.equal(true);
          const before = detections;
          detections = rememberDetection(detections, similar ?? build(hash));
          expect(detections.length).to.be.at.most(8);
          expect(detections.at(-1)?.hash).to.equal(similar?.hash ?? hash);
          const kept = before.filter((one) => one !== similar).slice(-7);
          expect(detections.slice(0, -1)).to.deep.equal(kept);
        }
      }),
    );
  });
});

describe("two frames", () => {
  it("show the same view if each cell has nearly the same level", () => {
    const withCell = (level: number): string => `${fill(128).slice(2)}${level.toString(16)}`;
    expect(isSameView(fill(128), withCell(134))).to.equal(true);
    expect(isSameView(fill(128), withCell(135))).to.equal(false);
    expect(isSameView(withCell(121), fill(128))).to.equal(false);
  });
});
