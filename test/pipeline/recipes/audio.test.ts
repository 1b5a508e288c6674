import { expect } from "chai";
import { planAudio } from "../../../pipeline/recipes/audio.ts";
import { audioOf, buildPlanContext, buildProbe, catchCode, getOption, runPlan } from "./plan-context.ts";

const options = { name: "audio", bitRateKbps: 96, loudnessLufs: -16 } as const;
const buildLog = (integrated: string) =>
  `[ebur128@audio0 @ 0x1] Summary:\n  I: ${integrated} LUFS\n  True peak:\n    Peak: -12.0 dBFS\n`;

describe("recipe audio", () => {
  const probe = buildProbe({ audio: audioOf({ index: 3, durationSeconds: 7, startSeconds: 1.5 }) });
  /** Runs the plan with the loudness of the source and of each encoded file. */
  const buildPlan = (source: string, ...encoded: readonly string[]) => {
    const logs = [buildLog(source), ...encoded.flatMap((loudness) => ["", buildLog(loudness)])];
    return runPlan(planAudio(options, buildPlanContext(probe)), (_, index) => ({ log: logs[index] ?? "" }));
  };

  it("measures the source, encodes with a gain, and measures the result", () => {
    const { runs } = buildPlan("-23.1", "-16.2");

    expect(runs.map(({ phase }) => phase)).to.deep.equal([
      "measuring loudness",
      "encoding",
      "checking loudness",
    ]);
    expect(getOption(runs[0], "-filter_complex")).to.match(/^\[0:3\].*pan=stereo\|.*ebur128.*\[audio0\]$/);
    expect(getOption(runs[1], "-filter:a")).to.match(/pan=stereo\|.*volume=7\.10dB$/);
    expect(getOption(runs[2], "-filter_complex")).to.match(/^\[0:a:0\]ebur128.*\[audio0\]$/);
    expect(getOption(runs[2], "-i")).to.equal("/scratch/audio.m4a");
  });

  it("encodes again if the result is not the target", () => {
    const { runs } = buildPlan("-23.1", "-17.1", "-16.1");

    expect(runs.map(({ phase }) => phase).filter((phase) => phase === "encoding")).to.have.length(2);
    expect(getOption(runs[3], "-filter:a")).to.include("volume=8.40dB");
  });

  it("encodes once and keeps the level if normalization is off", () => {
    const plan = planAudio({ ...options, normalizeLoudness: false }, buildPlanContext(probe));
    const { runs } = runPlan(plan);

    expect(runs.map(({ phase }) => phase)).to.deep.equal(["encoding"]);
    expect(getOption(runs[0], "-filter:a")).not.to.match(/volume=.*dB/);
  });

  it("does not amplify silence", () => {
    const { runs } = buildPlan("-70.0", "-70.0");

    expect(runs).to.have.length(3);
    expect(getOption(runs[1], "-filter:a")).not.to.match(/volume=.*dB/);
  });

  it("uses the audio stream without cover art, from the source's origin to its end", () => {
    const { runs, outputs } = buildPlan("-23.1", "-16.1");

    expect(runs.map((run) => getOption(run, "-map"))).to.deep.equal(["[audio0]", "0:3", "[audio0]"]);
    expect([getOption(runs[1], "-b:a"), getOption(runs[1], "-f")]).to.deep.equal(["96k", "ipod"]);
    expect(outputs).to.deep.equal([
      {
        path: "/scratch/audio.m4a",
        key: "out",
        contentType: "audio/mp4",
        isManifest: false,
        expectation: { durationSeconds: 8.5, video: "none", audio: { codec: "aac" } },
      },
    ]);
  });

  it("ends with 4000 without audio", () => {
    const silent = buildPlanContext(buildProbe({ audio: undefined }));

    expect(catchCode(() => runPlan(planAudio(options, silent)))).to.equal(4000);
  });
});
