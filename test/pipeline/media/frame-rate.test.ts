import { expect } from "chai";
import {
  estimateFrameRate,
  formatFrameRate,
  getFrameRate,
  hasVariableFrameRate,
} from "../../../pipeline/media/frame-rate.ts";
import { buildVideoProbe } from "../recipes/plan-context.ts";

/** Timestamps in seconds from intervals in 1/120 s. */
const fromIntervals = (intervals: readonly number[]): readonly number[] => {
  let time = 0;
  return [
    0,
    ...intervals.map((interval) => {
      time += interval;
      return time / 120;
    }),
  ];
};
const repeat = (intervals: readonly number[], times: number): readonly number[] =>
  Array.from({ length: times }, () => intervals).flat();

describe("a source's frame rate", () => {
  it("is uncertain if the base rate is a clock or well above the average", () => {
    expect(hasVariableFrameRate(1000, undefined)).to.equal(true);
    expect(hasVariableFrameRate(90_000, 29.87)).to.equal(true);
    expect(hasVariableFrameRate(120, 30.1)).to.equal(true);
  });

  it("is certain if both rates agree, or if only a plausible base rate is known", () => {
    expect(hasVariableFrameRate(30, undefined)).to.equal(false);
    expect(hasVariableFrameRate(30, 29.87)).to.equal(false);
    expect(hasVariableFrameRate(240, 239.8)).to.equal(false);
    expect(hasVariableFrameRate(undefined, undefined)).to.equal(false);
  });

  it("is estimated from timestamps on a finer grid, without its jitter", () => {
    expect(estimateFrameRate(fromIntervals(repeat([4, 1, 7, 4, 4, 4, 4, 4, 4, 4], 6)), 30.1)).to.equal(30);
    expect(estimateFrameRate(fromIntervals(repeat([2], 60)), 60)).to.equal(60);
    expect(estimateFrameRate([0.1, 0, 0.067, 0.033, 0.133], 30)).to.equal(30);
  });

  it("is that of the moving parts of a still screen", () => {
    expect(estimateFrameRate(fromIntervals(repeat([600, 4, 4, 4, 4, 4], 10)), 6)).to.equal(30);
    expect(estimateFrameRate([0, 1, 1.04, 3, 3.04, 5.96], 1)).to.equal(25);
    expect(estimateFrameRate([0, 5, 10, 15], 0.2)).to.equal(10);
  });

  it("is an NTSC rate if the average is one", () => {
    const milliseconds = Array.from({ length: 300 }, (_, frame) => Math.round((frame * 1001) / 30) / 1000);

    expect(estimateFrameRate(milliseconds, 29.97)).to.equal(30_000 / 1001);
    expect(
      estimateFrameRate(
        milliseconds.map((time) => time / 1.001),
        30,
      ),
    ).to.equal(30);
  });

  it("stays unknown with fewer than two timestamps", () => {
    expect(estimateFrameRate([], 25)).to.equal(undefined);
    expect(estimateFrameRate([1], 25)).to.equal(undefined);
  });

  it("is a standard rate near the average of a stream that was not inspected", () => {
    const rate = (frameRate: number | undefined) =>
      getFrameRate(buildVideoProbe({ isVariableFrameRate: true, frameRate }));

    expect([rate(24.02), rate(29.97), rate(42), rate(59.9), rate(200), rate(undefined)]).to.deep.equal([
      ...[24, 30_000 / 1001, 48, 60_000 / 1001, 200, 30],
    ]);
    expect(getFrameRate(buildVideoProbe({ frameRate: 23.976 }))).to.equal(23.976);
    expect(getFrameRate(buildVideoProbe({ frameRate: 1 / 3600 }))).to.equal(1);
  });
});

describe("a formatted frame rate", () => {
  it("is an integer or a fraction, exact for NTSC", () => {
    expect([23.976, 23.976024, 59.94, 29.97, 30, 25, 12.5, 15.2].map(formatFrameRate)).to.deep.equal([
      ...["24000/1001", "24000/1001", "60000/1001", "30000/1001", "30", "25", "12500/1000", "15200/1000"],
    ]);
  });
});
