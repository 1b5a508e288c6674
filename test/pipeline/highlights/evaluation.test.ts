import { expect } from "chai";
import fc from "fast-check";
import { evaluateAppearances } from "../../../pipeline/highlights/evaluation.ts";
import { matchPairs, type Pair } from "../../../pipeline/highlights/match-pairs.ts";
import type { LabelPeriod } from "../../../pipeline/highlights/truth-schema.ts";

const run = { durationSeconds: 600, frameRate: 25, detections: 30, usd: 0.03 };
const cup = (start: number, end: number): LabelPeriod => ({ label: "Cup", start, end });

describe("the evaluation of appearances", () => {
  it("has the document of the backtest", () => {
    const found = [cup(1, 5.04), { label: "Dog", start: 0, end: 9 }];
    const truth = [{ label: "Person", start: 1, end: 5 }, cup(1.08, 5)];
    expect(evaluateAppearances(found, truth, run)).to.deep.equal({
      appearances: [
        { ...cup(1, 5.04), matches: 1 },
        { label: "Dog", start: 0, end: 9, matches: null },
      ],
      precision: 0.5,
      recall: 0.5,
      edgeErrorFrames: { median: 1.5, max: 2 },
      detections: 30,
      detectionsPerHour: 180,
      usdPerHour: 0.18,
    });
  });

  it("matches from an intersection over union of one half", () => {
    const recallOf = (found: LabelPeriod) => evaluateAppearances([found], [cup(10, 20)], run).recall;
    expect(recallOf(cup(10, 15))).to.equal(1);
    expect(recallOf(cup(10, 14.99))).to.equal(0);
    expect(recallOf(cup(10, 30))).to.equal(1);
    expect(recallOf(cup(10, 30.1))).to.equal(0);
    expect(recallOf(cup(20, 30))).to.equal(0);
  });

  it("compares labels without regard to case", () => {
    expect(evaluateAppearances([{ ...cup(0, 1), label: "cup" }], [cup(0, 1)], run).recall).to.equal(1);
  });

  it("matches one to one: a second appearance of one truth is wrong", () => {
    const { appearances, precision, recall } = evaluateAppearances(
      [cup(0, 6), cup(0, 10)],
      [cup(0, 10)],
      run,
    );
    expect(appearances.map(({ matches }) => matches)).to.deep.equal([null, 0]);
    expect([precision, recall]).to.deep.equal([0.5, 1]);
  });

  it("matches as many as possible where the best pair alone would match fewer", () => {
    // 0–10 overlaps 0–10 best, but 0–5.5 matches nothing else.
    const truth = [cup(0, 10), cup(1, 17)];
    const found = [cup(0, 11), cup(0, 5.5)];
    const { appearances, recall } = evaluateAppearances(found, truth, run);
    expect(recall).to.equal(1);
    expect(appearances.map(({ matches }) => matches)).to.deep.equal([1, 0]);
  });

  it("is defined for empty sets", () => {
    const none = { median: null, max: null };
    expect(evaluateAppearances([], [], run)).to.deep.include({
      precision: 1,
      recall: 1,
      edgeErrorFrames: none,
    });
    expect(evaluateAppearances([], [cup(0, 1)], run)).to.deep.include({ precision: 1, recall: 0 });
    expect(evaluateAppearances([cup(0, 1)], [], run)).to.deep.include({ precision: 0, recall: 1 });
    expect(evaluateAppearances([], [], { ...run, durationSeconds: 0 }).usdPerHour).to.equal(0);
  });

  it("has edge errors without rounding errors", () => {
    const { edgeErrorFrames } = evaluateAppearances([cup(12.04, 17.54)], [cup(12, 17.5)], run);
    expect(edgeErrorFrames).to.deep.equal({ median: 1, max: 1 });
  });

  it("is the same for any order of the appearances", () => {
    const periods = fc.array(
      fc
        .tuple(fc.nat(20), fc.integer({ min: 1, max: 8 }), fc.constantFrom("Cup", "Person"))
        .map(([start, length, label]) => ({ label, start, end: start + length })),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(periods, periods, (found, truth) => {
        const { appearances: _, ...expected } = evaluateAppearances(found, truth, run);
        const { appearances, ...reversed } = evaluateAppearances(found.toReversed(), truth.toReversed(), run);
        expect(reversed).to.deep.equal(expected);
        const matches = appearances.map((one) => one.matches).filter((index) => index !== null);
        expect(new Set(matches).size).to.equal(matches.length);
      }),
      { numRuns: 500 },
    );
  });
});

describe("the matching of pairs", () => {
  /** Number of pairs and sum of weights of the best selection, by trial of all. */
  const findBest = (
    pairs: readonly Pair[],
    firsts = new Set<number>(),
    seconds = new Set<number>(),
  ): readonly [count: number, weight: number] => {
    const [pair, ...others] = pairs;
    if (pair === undefined) return [0, 0];
    const without = findBest(others, firsts, seconds);
    if (firsts.has(pair.first) || seconds.has(pair.second)) return without;
    const rest = findBest(others, new Set([...firsts, pair.first]), new Set([...seconds, pair.second]));
    const within = [rest[0] + 1, rest[1] + pair.weight] as const;
    return within[0] > without[0] || (within[0] === without[0] && within[1] > without[1]) ? within : without;
  };

  it("selects as many as possible, with the highest weight", () => {
    const pairs = fc.uniqueArray(
      fc.record({ first: fc.nat(4), second: fc.nat(4), weight: fc.integer({ min: 50, max: 100 }) }),
      { maxLength: 12, selector: ({ first, second }) => `${first} ${second}` },
    );
    fc.assert(
      fc.property(pairs, (list) => {
        const selected = matchPairs(list);
        expect(new Set(selected.map(({ first }) => first)).size).to.equal(selected.length);
        expect(new Set(selected.map(({ second }) => second)).size).to.equal(selected.length);
        expect([selected.length, selected.reduce((sum, { weight }) => sum + weight, 0)]).to.deep.equal(
          findBest(list),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it("selects from a thousand appearances that were each found twice", function () {
    this.timeout(10_000);
    const pairs = Array.from({ length: 1000 }, (_, index) => [
      { first: 2 * index, second: index, weight: 0.6 },
      { first: 2 * index + 1, second: index, weight: 0.7 },
    ]).flat();
    const selected = matchPairs(pairs);
    expect(selected).to.have.length(1000);
    expect(selected.every(({ weight }) => weight === 0.7)).to.equal(true);
  });
});
