import { expect } from "chai";
import { parseLoudness, planAudio } from "../../../pipeline/recipes/audio.ts";
import { audioOf, buildPlanContext, buildProbe, getOption, runPlan } from "./plan-context.ts";

const options = { name: "audio", bitRateKbps: 96, loudnessLufs: -16 } as const;
const buildLoudnessLog = (loudness: string) =>
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
  it("is read from ffmpeg's log, ignoring a similar tag", () => {
    expect(parseLoudness(`comment: ${buildLoudnessLog("-99")}${buildLoudnessLog("-23.1")}`)).to.deep.equal({
      input_i: -23.1,
      input_tp: -3.01,
      input_lra: 1.5,
      input_thresh: -33.5,
      target_offset: 0.25,
    });
  });

  it("is undefined for silence, an empty log and invalid JSON", () => {
    expect(parseLoudness(buildLoudnessLog("-inf"))).to.equal(undefined);
    expect(parseLoudness("nothing")).to.equal(undefined);
    expect(parseLoudness('{ "input_i" : , }')).to.equal(undefined);
  });
});

describe("recipe audio", () => {
  const buildPlan = (log: string, probe = buildProbe({ audio: audioOf({ index: 3, durationSeconds: 7 }) })) =>
    runPlan(planAudio(options, buildPlanContext(probe)), (_, index) => (index === 0 ? { log } : {}));

  it("measures first, then normalizes with the measured values", () => {
    const { runs } = buildPlan(buildLoudnessLog("-23.1"));

    expect(runs.map(({ phase }) => phase)).to.deep.equal(["measuring loudness", "encoding"]);
    expect(getOption(runs[0], "-af")).to.equal("loudnorm=I=-16:TP=-1.5:LRA=11:print_format=json");
    expect(getOption(runs[1], "-af")).to.equal(
      "loudnorm=I=-16:TP=-1.5:LRA=11:measured_I=-23.1:measured_TP=-3.01:measured_LRA=1.5:measured_thresh=-33.5:offset=0.25:linear=true",
    );
  });

  it("keeps silence unchanged", () => {
    expect(getOption(buildPlan(buildLoudnessLog("-inf")).runs[1], "-af")).to.equal("anull");
  });

  it("uses the audio stream without cover art, with its own duration", () => {
    const { runs, outputs } = buildPlan("");

    expect(runs.map((run) => getOption(run, "-map"))).to.deep.equal(["0:3", "0:3"]);
    expect(runs.every((run) => run.arguments.includes("-vn"))).to.equal(true);
    expect([getOption(runs[1], "-b:a"), getOption(runs[1], "-f")]).to.deep.equal(["96k", "ipod"]);
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
