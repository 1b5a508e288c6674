import { expect } from "chai";
import { clip } from "../../../pipeline/recipes/clip.ts";
import type { Moment } from "../../../pipeline/recipes/recipe.ts";
import { codeOf, contextOf, drive, optionOf, probeOf, soundOf, videoOf } from "./plan-context.ts";

const planOf = (start: Moment, durationSeconds: number, probe = probeOf()) =>
  drive(clip({ name: "clip", start, durationSeconds }, contextOf(probe)));
const unknown = probeOf({ durationSeconds: undefined });

describe("recipe clip", () => {
  it("seeks to the beginning and reads as long as it is told", () => {
    const { runs, outputs } = planOf({ seconds: 3 }, 4);

    expect([optionOf(runs[0], "-ss"), optionOf(runs[0], "-t")]).to.deep.equal(["3.000", "4.000"]);
    expect(outputs[0]?.expect).to.deep.equal({
      durationSeconds: 4,
      video: { codec: "h264", width: 1920, height: 1080 },
      audio: { codec: "aac" },
    });
  });

  it("begins at a share of the length, and ends where the source does", () => {
    const { runs, outputs } = planOf({ percent: 75 }, 60);

    expect([optionOf(runs[0], "-ss"), optionOf(runs[0], "-t")]).to.deep.equal(["7.500", "2.500"]);
    expect(outputs[0]?.expect?.durationSeconds).to.equal(2.5);
  });

  it("ends with 4014 behind the end, and for a share of a length that the source does not say", () => {
    expect(codeOf(() => planOf({ seconds: 10 }, 1))).to.equal(4014);
    expect(codeOf(() => planOf({ percent: 100 }, 1))).to.equal(4014);
    expect(codeOf(() => planOf({ percent: 50 }, 1, unknown))).to.equal(4014);
  });

  it("takes a source of unknown length as it comes", () => {
    expect(optionOf(planOf({ seconds: 99 }, 5, unknown).runs[0], "-ss")).to.equal("99.000");
    expect(planOf({ percent: 0 }, 5, unknown).outputs[0]?.expect?.durationSeconds).to.equal(undefined);
  });

  it("makes an even frame at a steady rate, and leaves out what the source has not", () => {
    const video = videoOf({ width: 33, height: 21, clockedRate: true, interlaced: true });
    const odd = planOf({ seconds: 0 }, 1, probeOf({ video, audio: undefined }));
    const sound = planOf(
      { seconds: 0 },
      1,
      probeOf({ video: undefined, audio: soundOf({ durationSeconds: 4 }) }),
    );

    expect(optionOf(odd.runs[0], "-vf")).to.equal(
      "fps=25,yadif,scale=32:20:flags=bicubic,setsar=1,format=yuv420p",
    );
    expect({ audio: odd.outputs[0]?.expect?.audio, contentType: odd.outputs[0]?.contentType }).to.deep.equal({
      audio: "none",
      contentType: "video/mp4",
    });
    expect({
      video: sound.outputs[0]?.expect?.video,
      contentType: sound.outputs[0]?.contentType,
    }).to.deep.equal({ video: "none", contentType: "audio/mp4" });
    expect(optionOf(sound.runs[0], "-vf")).to.equal(undefined);
  });
});
