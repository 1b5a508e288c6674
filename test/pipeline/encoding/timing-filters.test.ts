import { expect } from "chai";
import {
  buildAudioTiming,
  buildIntervalFilters,
  buildTimingFilters,
  computeTimingShift,
  limitFrameRate,
} from "../../../pipeline/encoding/timing-filters.ts";
import { buildVideoProbe } from "../recipes/plan-context.ts";

describe("timing filters", () => {
  it("give a video its own constant rate from the source's origin", () => {
    expect(buildTimingFilters(buildVideoProbe({ frameRate: 25 }))).to.deep.equal(["fps=25"]);
    expect(buildTimingFilters(buildVideoProbe({ frameRate: 120 }))).to.deep.equal(["fps=60"]);
    expect(buildTimingFilters(buildVideoProbe({ frameRate: 60 }), { maxFrameRate: 30 })).to.deep.equal([
      "fps=30",
    ]);
  });

  it("fill the time before a first frame that may be late", () => {
    const late = buildVideoProbe({ frameRate: 25, startSeconds: 0.4 });

    expect(buildTimingFilters(late)).to.deep.equal(["fps=25:start_time=0"]);
    expect(buildTimingFilters(buildVideoProbe({ frameRate: 25 }), { seekSeconds: 3 })).to.deep.equal([
      "fps=25:start_time=0",
    ]);
    expect(buildIntervalFilters(late, 2.5).at(-1)).to.equal("fps=1/2.5:start_time=0:round=up");
    expect(buildIntervalFilters(buildVideoProbe(), 2.5).at(-1)).to.equal("fps=1/2.5:round=up");
  });

  it("select frames at an interval by their times on the frame grid, less a rounding error", () => {
    const shiftOf = (startSeconds: number, isSeeking = false) =>
      buildIntervalFilters(buildVideoProbe({ startSeconds, frameRate: 25 }), 1, isSeeking)[0];

    expect([shiftOf(0), shiftOf(0.01), shiftOf(0.035), shiftOf(0.01, true)]).to.deep.equal([
      ...["setpts=PTS-0.0010/TB", "setpts=PTS-0.0110/TB", "setpts=PTS+0.0040/TB", "setpts=PTS-0.0010/TB"],
    ]);
  });

  it("end video with a variable rate where the source does", () => {
    const video = buildVideoProbe({
      isVariableFrameRate: true,
      frameRate: 25,
      startSeconds: 0.5,
      durationSeconds: 6,
    });

    expect(buildTimingFilters(video)).to.deep.equal(["fps=25:start_time=0", "trim=end=6.500"]);
    expect(buildTimingFilters(video, { seekSeconds: 2 }).at(-1)).to.equal("trim=end=4.500");
  });

  it("divide a rate above the maximum evenly", () => {
    expect([240, 120, 100, 90, 60_000 / 1001].map((rate) => limitFrameRate(rate, 60))).to.deep.equal([
      ...[60, 60, 50, 45, 60_000 / 1001],
    ]);
    expect(limitFrameRate(60_000 / 1001, 30)).to.be.closeTo(30_000 / 1001, 1e-9);
  });

  it("shift a video to the nearest frame, by less than half a frame", () => {
    const shift = (startSeconds: number, more = {}) =>
      computeTimingShift(buildVideoProbe({ startSeconds, frameRate: 25 }), more);

    expect(shift(0)).to.equal(0);
    expect(shift(0.4)).to.be.closeTo(0, 1e-9);
    expect(shift(0.421)).to.be.closeTo(0.019, 1e-9);
    expect(shift(0.01)).to.be.closeTo(-0.01, 1e-9);
    expect(shift(0.01, { seekSeconds: 2 })).to.be.closeTo(-0.01, 1e-9);
    expect(shift(0, { seekSeconds: 2.015 })).to.be.closeTo(0.015, 1e-9);
    expect(shift(0.421, { maxFrameRate: 12.5 })).to.be.closeTo(-0.021, 1e-9);
    expect(shift(0.421, { frameRate: 50 })).to.be.closeTo(-0.001, 1e-9);
  });

  it("shift no audio without video, or with video whose frames move both ways", () => {
    expect(computeTimingShift(undefined)).to.equal(0);
    expect(computeTimingShift(buildVideoProbe({ startSeconds: 0.41, isVariableFrameRate: true }))).to.equal(
      0,
    );
  });

  it("give the same shift to audio", () => {
    const timing = buildAudioTiming(buildVideoProbe({ startSeconds: 0.421 }), { seekSeconds: 0.01 });

    expect(timing.seekSeconds).to.equal(0.01);
    expect(timing.shiftSeconds).to.be.closeTo(-0.011, 1e-9);
    expect(buildAudioTiming(undefined)).to.deep.equal({ seekSeconds: 0, shiftSeconds: 0 });
  });
});
