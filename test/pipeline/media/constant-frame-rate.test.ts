import { expect } from "chai";
import {
  buildConstantFrameRateFilters,
  hasVariableFrameRate,
} from "../../../pipeline/media/constant-frame-rate.ts";
import { buildVideoProbe } from "../recipes/plan-context.ts";

describe("constant frame rate", () => {
  it("replaces a time base far above the known average", () => {
    expect(hasVariableFrameRate(1000, undefined)).to.equal(true);
    expect(hasVariableFrameRate(90_000, 29.87)).to.equal(true);
  });

  it("accepts common camera rates and rates near the average", () => {
    expect(hasVariableFrameRate(30, undefined)).to.equal(false);
    expect(hasVariableFrameRate(50, 25)).to.equal(false);
    expect(hasVariableFrameRate(240, 239.8)).to.equal(false);
    expect(hasVariableFrameRate(undefined, undefined)).to.equal(false);
  });

  it("keeps an existing rate", () => {
    expect(buildConstantFrameRateFilters(buildVideoProbe({ frameRate: 23.976 }))).to.deep.equal([]);
  });

  it("uses the next common rate above the average for variable streams", () => {
    const rate = (frameRate: number | undefined) =>
      buildConstantFrameRateFilters(buildVideoProbe({ isVariableFrameRate: true, frameRate }));

    expect([rate(23.98), rate(29.97), rate(42), rate(59.9), rate(200), rate(undefined)]).to.deep.equal([
      ...[["fps=24"], ["fps=30"], ["fps=50"], ["fps=60"], ["fps=60"], ["fps=30"]],
    ]);
  });
});
