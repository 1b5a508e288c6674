import { expect } from "chai";
import type { StepResult } from "../../../pipeline/encoding/plan.ts";
import { planSeek, type Seek } from "../../../pipeline/encoding/seek.ts";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import { audioOf, buildPlanContext, buildProbe } from "../recipes/plan-context.ts";

/** Runs `planSeek`; each trial answers the time of its first frame, or a failure. */
const run = (
  format: string,
  seconds: number,
  firstFrames: readonly (number | JobFailure)[] = [],
  more: Parameters<typeof buildProbe>[0] = {},
): { readonly seek: Seek; readonly trials: readonly (readonly string[])[] } => {
  const context = buildPlanContext(buildProbe({ formats: [format], ...more }));
  const plan = planSeek(context, seconds);
  const trials: (readonly string[])[] = [];
  let next = plan.next();
  while (next.done !== true) {
    trials.push(next.value.arguments);
    const answer = firstFrames[trials.length - 1];
    const result: StepResult = {
      log:
        answer === undefined
          ? ""
          : `[Parsed_showinfo_0] [info] n:   0 pts:  7 pts_time:${String(answer)} pos: 9`,
      text: "",
    };
    next = answer instanceof JobFailure ? plan.throw(answer) : plan.next(result);
  }
  return { seek: next.value, trials };
};
const readPosition = ({ inputArguments }: Pick<Seek, "inputArguments">) =>
  ["-ss", "-itsoffset"].map((option) =>
    inputArguments.includes(option) ? inputArguments[inputArguments.indexOf(option) + 1] : undefined,
  );

describe("a seek", () => {
  it("is left out at the beginning", () => {
    expect(run("mpegts", 0).seek.inputArguments).to.deep.equal([]);
  });

  it("is ffmpeg's own in containers with keyframe positions", () => {
    expect(run("mov", 30).seek.inputArguments).to.deep.equal(["-noaccurate_seek", "-ss", "30.000"]);
  });

  it("begins 4 s earlier if a frame is found there", () => {
    const { seek, trials } = run("mpegts", 30, [-2.4]);

    expect(readPosition(seek)).to.deep.equal(["26.000", "-4.000"]);
    expect(trials).to.have.length(1);
    expect(trials[0]).to.include.members(["-noaccurate_seek", "showinfo", "26.000"]);
  });

  it("goes back further while the first frame is too late, missing or not decodable, then to the beginning", () => {
    const broken = new JobFailure(4002, "damaged");

    expect(readPosition(run("mpeg", 40, [1.2, -29]).seek)).to.deep.equal(["10.000", "-30.000"]);
    expect(readPosition(run("mpeg", 200, [broken, 3, 0]).seek)).to.deep.equal(["50.000", "-150.000"]);
    const { seek, trials } = run("mpegts", 200, [3, broken]);
    expect(readPosition(seek)).to.deep.equal([undefined, "-200.000"]);
    expect(trials).to.have.length(3);
  });

  it("raises the step between timestamps that ffmpeg takes for a discontinuity", () => {
    const { inputArguments } = run("mpegts", 200, []).seek;

    expect(Number(inputArguments[inputArguments.indexOf("-dts_delta_threshold") + 1])).to.be.greaterThan(200);
  });

  it("begins at the beginning for a position near it", () => {
    const { seek, trials } = run("mpegts", 5);

    expect(readPosition(seek)).to.deep.equal([undefined, "-5.000"]);
    expect(seek.inputArguments).not.to.include("-noaccurate_seek");
    expect(trials).to.deep.equal([]);
  });

  it("uses the audio of a source without video", () => {
    const { trials } = run("mpeg", 30, [-3.9], { video: undefined, audio: audioOf() });

    expect(trials[0]).to.include.members(["-af", "ashowinfo"]);
  });

  it("avoids time 0 of AVI if its index works", () => {
    expect(readPosition(run("avi", 2, [-1.8]).seek)).to.deep.equal(["0.200", "-1.800"]);
    expect(readPosition(run("avi", 2, []).seek)).to.deep.equal([undefined, "-2.000"]);
  });

  it("is a filter for elementary streams", () => {
    expect(run("h264", 2.5).seek).to.deep.equal({
      inputArguments: [],
      videoFilters: ["setpts=PTS-2.500/TB"],
    });
  });

  it("passes on a failure that is not about the media", () => {
    const failure = new JobFailure(3000, "The store is slow.", { retryable: true });

    expect(() => run("mpegts", 30, [failure])).to.throw(JobFailure, "slow");
  });
});
