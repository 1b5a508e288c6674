import { expect } from "chai";
import { parseLoudness, planAudio } from "../../../pipeline/recipes/audio.ts";
import { contextOf, drive, optionOf, probeOf, soundOf } from "./plan-context.ts";

const options = { name: "audio", bitRateKbps: 96, loudnessLufs: -16 } as const;
const measured = (loudness: string) =>
  `[Parsed_loudnorm_0 @ 0x1]\n${JSON.stringify(
    {
      input_i: loudness,
      input_tp: "-3.01",
      input_lra: "1.50",
      input_thresh: "-33.5",
      output_i: "-16.0",
      target_offset: "0.25",
    },
    undefined,
    2,
  )}\n`;

describe("a loudness measurement", () => {
  it("is read from ffmpeg's log, the last where a tag looks like one", () => {
    expect(parseLoudness(`comment: ${measured("-99")}${measured("-23.1")}`)).to.deep.equal({
      input_i: -23.1,
      input_tp: -3.01,
      input_lra: 1.5,
      input_thresh: -33.5,
      target_offset: 0.25,
    });
  });

  it("is none of silence, of an empty log and of what is no JSON", () => {
    expect(parseLoudness(measured("-inf"))).to.equal(undefined);
    expect(parseLoudness("nothing")).to.equal(undefined);
    expect(parseLoudness('{ "input_i" : , }')).to.equal(undefined);
  });
});

describe("recipe audio", () => {
  const planOf = (log: string, probe = probeOf({ audio: soundOf({ index: 3, durationSeconds: 7 }) })) =>
    drive(planAudio(options, contextOf(probe)), (_, index) => (index === 0 ? { log } : {}));

  it("measures first, then moves the loudness by what it found", () => {
    const { runs } = planOf(measured("-23.1"));

    expect(runs.map(({ phase }) => phase)).to.deep.equal(["measuring loudness", "encoding"]);
    expect(optionOf(runs[0], "-af")).to.equal("loudnorm=I=-16:TP=-1.5:LRA=11:print_format=json");
    expect(optionOf(runs[1], "-af")).to.equal(
      "loudnorm=I=-16:TP=-1.5:LRA=11:measured_I=-23.1:measured_TP=-3.01:measured_LRA=1.5:measured_thresh=-33.5:offset=0.25:linear=true",
    );
  });

  it("leaves silence as it is", () => {
    expect(optionOf(planOf(measured("-inf")).runs[1], "-af")).to.equal("anull");
  });

  it("takes the sound's own stream and no cover, as long as the sound is", () => {
    const { runs, outputs } = planOf("");

    expect(runs.map((run) => optionOf(run, "-map"))).to.deep.equal(["0:3", "0:3"]);
    expect(runs.every((run) => run.arguments.includes("-vn"))).to.equal(true);
    expect([optionOf(runs[1], "-b:a"), optionOf(runs[1], "-f")]).to.deep.equal(["96k", "ipod"]);
    expect(outputs).to.deep.equal([
      {
        path: "/scratch/audio.m4a",
        key: "out",
        contentType: "audio/mp4",
        isManifest: false,
        expectation: { durationSeconds: 7, video: "none", audio: { codec: "aac" } },
      },
    ]);
  });
});
