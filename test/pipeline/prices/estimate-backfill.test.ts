import { expect } from "chai";
import { estimateBackfill } from "../../../pipeline/prices/estimate-backfill.ts";

const twoCpus = {
  cpu: 2048,
  memory: 4096,
  architecture: "X86_64" as const,
  scratchGiB: 20,
  hasPublicAddress: false,
};
/** List price of a task with 2 vCPU and 4 GB. */
const usdPerHour = 2 * 0.04048 + 4 * 0.004445;

describe("the estimate of a backfill", () => {
  it("counts the minutes of a source at 2 to 20 Mbit/s", () => {
    // 150 MB: 1 to 10 minutes.
    const { minUsd, maxUsd } = estimateBackfill([150e6], "transcode", twoCpus);
    expect(minUsd).to.be.closeTo((Math.max(60, 40 + 41 / 2) / 3600) * usdPerHour, 1e-9);
    expect(maxUsd).to.be.closeTo(((40 + (10 * 61.5) / 2) / 3600) * usdPerHour, 1e-9);
  });

  it("bills a minute at least for each upload, however small", () => {
    const { minUsd, maxUsd } = estimateBackfill(Array<number>(1000).fill(1), "ladder", twoCpus);
    expect([minUsd, maxUsd]).to.eql([minUsd, minUsd]);
    expect(minUsd).to.be.closeTo((1000 * 60 * usdPerHour) / 3600, 1e-9);
  });

  it("does not depend on the size where the duration does not count", () => {
    const small = estimateBackfill([1], "thumbnail", twoCpus);
    expect(estimateBackfill([100e9], "thumbnail", twoCpus)).to.eql(small);
    expect(small.assumptions.join()).to.include("duration of the source does not count");
  });

  it("grows with the recipe, names what it rests on, and is nothing for nothing", () => {
    const costOf = (recipe: "clip" | "transcode" | "watermark" | "ladder") =>
      estimateBackfill([10e9], recipe, twoCpus).maxUsd;
    expect(costOf("transcode")).to.be.lessThan(costOf("watermark"));
    expect(costOf("watermark")).to.be.lessThan(costOf("ladder"));
    const { assumptions, ...range } = estimateBackfill([], "transcode", twoCpus);
    expect(range).to.eql({ minUsd: 0, maxUsd: 0 });
    expect(assumptions.join("; "))
      .to.include("list prices of us-east-1")
      .and.to.include("2 to 20 Mbit/s")
      .and.to.include("41 to 62 s of CPU time");
  });
});
