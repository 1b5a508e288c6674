import { expect } from "chai";
import { frames } from "../../../pipeline/recipes/frames.ts";
import type { FramesOptions } from "../../../pipeline/recipes/recipe.ts";
import { codeOf, contextOf, drive, optionOf, probeOf } from "./plan-context.ts";

const optionsOf = (more: Partial<FramesOptions> = {}): FramesOptions => ({
  name: "frames",
  everySeconds: 2.5,
  maxWidth: 640,
  maxHeight: 640,
  format: "jpg",
  ...more,
});
const planOf = (options: FramesOptions, text = "", probe = probeOf()) =>
  drive(frames(options, contextOf(probe, { outputKeys: ["frames/a/"] })), (step) =>
    step.kind === "list" ? { text } : {},
  );

describe("recipe frames", () => {
  it("takes a picture every so many seconds from the first on, fitted into the box", () => {
    const [run] = planOf(optionsOf()).runs;

    expect(optionOf(run, "-vf")).to.equal(
      "setpts=PTS-STARTPTS,fps=1/2.5:round=up,scale=640:360:flags=bicubic,setsar=1,format=yuvj420p",
    );
    expect([optionOf(run, "-q:v"), run?.arguments.at(-1)]).to.deep.equal(["3", "/scratch/frame-%05d.jpg"]);
  });

  it("names what was made, and nothing else that lies there", () => {
    const { outputs } = planOf(
      optionsOf(),
      "frame-00001.jpg\nframe-00002.jpg\nframe-100000.jpg\nother.jpg\n",
    );

    expect(outputs.map(({ key, path }) => [key, path])).to.deep.equal([
      ["frames/a/frame-00001.jpg", "/scratch/frame-00001.jpg"],
      ["frames/a/frame-00002.jpg", "/scratch/frame-00002.jpg"],
      ["frames/a/frame-100000.jpg", "/scratch/frame-100000.jpg"],
    ]);
    expect(outputs[0]?.expect).to.deep.equal({ video: { codec: "mjpeg", width: 640, height: 360 } });
  });

  it("makes PNG as well", () => {
    const { runs, outputs } = planOf(optionsOf({ format: "png" }), "frame-00001.png");

    expect(optionOf(runs[0], "-vf")).to.match(/format=rgb24$/);
    expect(optionOf(runs[0], "-q:v")).to.equal(undefined);
    expect({ contentType: outputs[0]?.contentType, video: outputs[0]?.expect?.video }).to.deep.equal({
      contentType: "image/png",
      video: { codec: "png", width: 640, height: 360 },
    });
  });

  it("ends with 4000 where there is no picture", () => {
    expect(codeOf(() => planOf(optionsOf(), "", probeOf({ video: undefined })))).to.equal(4000);
  });
});
