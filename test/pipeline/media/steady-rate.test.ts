import { expect } from "chai";
import {
  buildConstantFrameRateFilters,
  hasVariableFrameRate,
} from "../../../pipeline/media/constant-frame-rate.ts";
import { videoOf } from "../recipes/plan-context.ts";

describe("a stream's frame rate", () => {
  it("is its clock where that is far above what is known of the average", () => {
    expect(hasVariableFrameRate(1000, undefined)).to.equal(true);
    expect(hasVariableFrameRate(90_000, 29.87)).to.equal(true);
  });

  it("is a rate where cameras have such, or where the average is near it", () => {
    expect(hasVariableFrameRate(30, undefined)).to.equal(false);
    expect(hasVariableFrameRate(50, 25)).to.equal(false);
    expect(hasVariableFrameRate(240, 239.8)).to.equal(false);
    expect(hasVariableFrameRate(undefined, undefined)).to.equal(false);
  });

  it("stays as it is where there is one", () => {
    expect(buildConstantFrameRateFilters(videoOf({ frameRate: 23.976 }))).to.deep.equal([]);
  });

  it("becomes the usual one next above the average where there is none", () => {
    const rate = (frameRate: number | undefined) =>
      buildConstantFrameRateFilters(videoOf({ isVariableFrameRate: true, frameRate }));

    expect([rate(23.98), rate(29.97), rate(42), rate(59.9), rate(200), rate(undefined)]).to.deep.equal([
      ...[["fps=24"], ["fps=30"], ["fps=50"], ["fps=60"], ["fps=60"], ["fps=30"]],
    ]);
  });
});
