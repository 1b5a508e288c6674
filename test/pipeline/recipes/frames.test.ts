import { expect } from "chai";
import { buildColorScaleFilters } from "../../../pipeline/encoding/color-filters.ts";
import { jpegFrames } from "../../../pipeline/encoding/output-color.ts";
import { resolveSourceColor } from "../../../pipeline/media/color.ts";
import { planFrames } from "../../../pipeline/recipes/frames.ts";
import type { FramesOptions } from "../../../pipeline/recipes/recipe.ts";
import {
  buildPlanContext,
  buildProbe,
  buildVideoProbe,
  catchCode,
  getFrameFilters,
  getOption,
  runPlan,
} from "./plan-context.ts";

const buildOptions = (more: Partial<FramesOptions> = {}): FramesOptions => ({
  name: "frames",
  everySeconds: 2.5,
  maxWidth: 640,
  maxHeight: 640,
  format: "jpg",
  ...more,
});
const buildPlan = (options: FramesOptions, text = "", probe = buildProbe()) =>
  runPlan(planFrames(options, buildPlanContext(probe, { outputKeys: ["frames/a/"] })), (step) =>
    step.kind === "list" ? { text } : {},
  );

describe("recipe frames", () => {
  it("extracts an image at each interval from the first frame on, fitted into the box", () => {
    const [run] = buildPlan(buildOptions()).runs;

    expect(getOption(run, "-vf")).to.equal(
      [
        getFrameFilters(),
        "setpts=PTS-0.0010/TB",
        "fps=1/2.5:round=up",
        ...buildColorScaleFilters(
          { width: 640, height: 360 },
          resolveSourceColor(buildVideoProbe()),
          jpegFrames,
          { hasLuminanceOotf: true },
        ),
        "setsar=1",
      ].join(),
    );
    expect([getOption(run, "-q:v"), run?.arguments.at(-1)]).to.deep.equal(["3", "/scratch/frame-%05d.jpg"]);
  });

  it("omits an image at the end of the source, where no frame is visible", () => {
    const listKeys = (durationSeconds: number, count: number, frameRate = 25) => {
      const names = Array.from({ length: count }, (_, index) => `frame-0000${index + 1}.jpg`);
      const video = buildVideoProbe({ durationSeconds, frameRate });
      return buildPlan(buildOptions(), names.join("\n"), buildProbe({ video })).outputs.length;
    };

    expect([listKeys(5, 3), listKeys(5, 2), listKeys(5.1, 3), listKeys(5, 1)]).to.deep.equal([2, 2, 3, 1]);
    // A source that is longer than its header says keeps every image.
    expect(listKeys(5, 7)).to.equal(7);
    expect(listKeys(5.1, 3, 2)).to.equal(3);
  });

  it("lists produced files only", () => {
    const { outputs } = buildPlan(
      buildOptions(),
      "frame-00001.jpg\nframe-00002.jpg\nframe-100000.jpg\nother.jpg\n",
    );

    expect(outputs.map(({ key, path }) => [key, path])).to.deep.equal([
      ["frames/a/frame-00001.jpg", "/scratch/frame-00001.jpg"],
      ["frames/a/frame-00002.jpg", "/scratch/frame-00002.jpg"],
      ["frames/a/frame-100000.jpg", "/scratch/frame-100000.jpg"],
    ]);
    expect(outputs[0]?.expectation).to.deep.equal({ video: { codec: "mjpeg", width: 640, height: 360 } });
  });

  it("supports PNG", () => {
    const { runs, outputs } = buildPlan(buildOptions({ format: "png" }), "frame-00001.png");

    expect(getOption(runs[0], "-vf")).to.match(/format=rgb24,setparams=.*,setsar=1$/);
    expect(getOption(runs[0], "-q:v")).to.equal(undefined);
    expect([outputs[0]?.contentType, outputs[0]?.expectation?.video]).to.deep.equal([
      "image/png",
      { codec: "png", width: 640, height: 360 },
    ]);
  });

  it("ends with 4000 for a source without video", () => {
    expect(catchCode(() => buildPlan(buildOptions(), "", buildProbe({ video: undefined })))).to.equal(4000);
  });
});
