import { expect } from "chai";
import fc from "fast-check";
import {
  type CutBudget,
  cutsPerSecond,
  maxCutBurst,
  spendCut,
} from "../../../pipeline/highlights/cut-budget.ts";

const startTime = 1_790_000_000;

/** Offers cuts to a budget, each of which knows the next one of its segment. @returns those that are detected */
const spendAll = (times: readonly number[], segmentSeconds: number): readonly number[] => {
  let budget: CutBudget | undefined;
  return times.filter((time, index) => {
    const next = times[index + 1];
    const isKnown =
      next !== undefined && Math.floor(next / segmentSeconds) === Math.floor(time / segmentSeconds);
    const spent = spendCut(budget, time, isKnown ? next : undefined);
    // Each step starts from stored JSON, as after a crash.
    if (spent !== undefined) budget = JSON.parse(JSON.stringify(spent)) as CutBudget;
    return spent !== undefined;
  });
};

/** Times of cuts with random distances, milliseconds. */
const cutTimes = (maxMs: number) =>
  fc.array(fc.integer({ min: 1, max: maxMs }), { maxLength: 300 }).map((distances) => {
    let ms = startTime * 1000;
    return distances.map((distance) => {
      ms += distance;
      return ms / 1000;
    });
  });
const segmentSeconds = fc.integer({ min: 2, max: 10 });

describe("the budget for cuts", () => {
  it("detects each cut of an edited program", () => {
    fc.assert(
      fc.property(cutTimes(1), segmentSeconds, (burst, seconds) => {
        const slow = Array.from({ length: 300 }, (_, index) => startTime + 10 + index * 1.01);
        const times = [...burst.slice(0, maxCutBurst - 1), ...slow];
        expect(spendAll(times, seconds)).to.deep.equal(times);
      }),
    );
  });

  it("limits the cuts of any period", () => {
    fc.assert(
      fc.property(cutTimes(700), segmentSeconds, (times, seconds) => {
        const spent = spendAll(times, seconds);
        for (const [first, from] of spent.entries())
          for (const [last, to] of spent.entries())
            if (last >= first)
              expect(last - first + 1).to.be.at.most(maxCutBurst + 2 + (to - from) * cutsPerSecond);
      }),
    );
  });

  it("detects the last cut of a flurry: it begins a scene that stays", () => {
    fc.assert(
      fc.property(cutTimes(900), segmentSeconds, (times, seconds) => {
        expect(spendAll(times, seconds).at(-1)).to.equal(times.at(-1));
      }),
    );
  });

  it("goes on at its rate after its burst", () => {
    const flurry = Array.from({ length: 8 * 60 }, (_, index) => startTime + index / 8);
    expect(spendAll(flurry, 4).length).to.be.within(maxCutBurst + 58, maxCutBurst + 61);
  });

  it("survives a clock that jumps back", () => {
    const budget = { tokens: 0, time: startTime };
    expect(spendCut(budget, startTime - 3600, startTime - 3599.9)).to.equal(undefined);
    const back = spendCut(budget, startTime - 3600, undefined);
    expect(back).to.deep.equal({ tokens: -1, time: startTime - 3600 });
    expect(spendCut(back, startTime - 3598, startTime - 3597.9)).to.deep.equal({
      tokens: 0,
      time: startTime - 3598,
    });
  });
});
