import { expect } from "chai";
import { planClip } from "../../../pipeline/recipes/clip.ts";
import type { Moment } from "../../../pipeline/recipes/recipe.ts";
import {
  audioOf,
  bt709Tags,
  buildPlanContext,
  buildProbe,
  buildVideoProbe,
  catchCode,
  getFrameFilters,
  getOption,
  runPlan,
  scaleHd,
} from "./plan-context.ts";

const buildPlan = (start: Moment, durationSeconds: number, probe = buildProbe()) =>
  runPlan(planClip({ name: "clip", start, durationSeconds }, buildPlanContext(probe)));
const unknown = buildProbe({ durationSeconds: undefined });

describe("recipe clip", () => {
  it("seeks to the start and reads the requested duration", () => {
    const { runs, outputs } = buildPlan({ seconds: 3 }, 4);

    expect([getOption(runs[0], "-ss"), getOption(runs[0], "-t")]).to.deep.equal(["3.000", "4.000000"]);
    expect(outputs[0]?.expectation).to.deep.equal({
      durationSeconds: 4,
      video: { codec: "h264", width: 1920, height: 1080 },
      audio: { codec: "aac" },
    });
  });

  it("begins at a percentage of the duration, and ends at the end of the source", () => {
    const { runs, outputs } = buildPlan({ percent: 75 }, 60);

    expect([getOption(runs[0], "-ss"), getOption(runs[0], "-t")]).to.deep.equal(["7.500", "60.000000"]);
    expect(outputs[0]?.expectation?.durationSeconds).to.equal(2.5);
  });

  it("ends with 4014 after the end, and for a percentage of an unknown duration", () => {
    expect(catchCode(() => buildPlan({ seconds: 10 }, 1))).to.equal(4014);
    expect(catchCode(() => buildPlan({ percent: 100 }, 1))).to.equal(4014);
    expect(catchCode(() => buildPlan({ percent: 50 }, 1, unknown))).to.equal(4014);
  });

  it("accepts a source of unknown duration", () => {
    expect(getOption(buildPlan({ seconds: 99 }, 5, unknown).runs[0], "-ss")).to.equal("99.000");
    expect(buildPlan({ percent: 0 }, 5, unknown).outputs[0]?.expectation?.durationSeconds).to.equal(
      undefined,
    );
  });

  it("produces an even frame at a constant rate, and omits missing streams", () => {
    const video = buildVideoProbe({ width: 33, height: 21, isVariableFrameRate: true, interlaced: true });
    const odd = buildPlan({ seconds: 0 }, 1, buildProbe({ video, audio: undefined }));
    const audioOnly = buildPlan(
      { seconds: 0 },
      1,
      buildProbe({ video: undefined, audio: audioOf({ durationSeconds: 4 }) }),
    );

    expect(getOption(odd.runs[0], "-vf")).to.equal(
      `${getFrameFilters(video)},${scaleHd(32, 20)},format=yuv420p,${bt709Tags},setsar=1,fps=25`,
    );
    expect([odd.outputs[0]?.expectation?.audio, odd.outputs[0]?.contentType]).to.deep.equal([
      "none",
      "video/mp4",
    ]);
    expect([audioOnly.outputs[0]?.expectation?.video, audioOnly.outputs[0]?.contentType]).to.deep.equal([
      "none",
      "audio/mp4",
    ]);
    expect(getOption(audioOnly.runs[0], "-vf")).to.equal(undefined);
  });

  it("counts its start from the first frame that ffmpeg decodes", () => {
    const plan = planClip(
      { name: "clip", start: { seconds: 2 }, origin: "first-frame", durationSeconds: 1 },
      buildPlanContext(buildProbe()),
    );
    expect(plan.next().value).to.include({ phase: "seeking" });
    const step = plan.next({ log: "n: 0 pts: 6547 pts_time:0.0727444 pos: 564", text: "" }).value;

    // A millisecond before the frame at 2.0727 s.
    expect(step).to.have.property("arguments").that.includes.members(["-itsoffset", "-2.071"]);
  });

  it("refuses to copy a codec that MP4 players do not read, and two outputs of one kind", () => {
    const options = { name: "clip", start: { seconds: 0 }, durationSeconds: 1, cut: "keyframe" } as const;
    const vp9 = buildProbe({ video: buildVideoProbe({ codec: "vp9" }) });
    const twoFiles = buildPlanContext(buildProbe(), { outputKeys: ["a.mp4", "b.mp4"] });

    expect(catchCode(() => runPlan(planClip(options, buildPlanContext(vp9))))).to.equal(4000);
    expect(catchCode(() => runPlan(planClip(options, twoFiles)))).to.equal(1000);
  });
});
