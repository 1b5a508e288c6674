import { expect } from "chai";
import type { AudioLevel } from "../../../pipeline/encoding/audio-filters.ts";
import type { Step, StepResult } from "../../../pipeline/encoding/plan.ts";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import { listAudioRenditions } from "../../../pipeline/media/audio-renditions.ts";
import { planLadderLevels } from "../../../pipeline/recipes/ladder-loudness.ts";
import { recipeOptionsSchema } from "../../../pipeline/recipes/schema.ts";
import { audioOf, buildPlanContext, buildProbe } from "./plan-context.ts";

const main = audioOf({ index: 1, isDefault: true });
const other = audioOf({ index: 2 });
const context = buildPlanContext(buildProbe({ audio: main, audioTracks: [main, other] }));

type Levels = ReadonlyMap<number, AudioLevel>;
/** Runs the plan with a log, or a failure, for each step. */
const findLevels = (options: object, ...answers: readonly (string | JobFailure)[]) => {
  const ladder = recipeOptionsSchema.parse({ name: "ladder", ...options });
  if (ladder.name !== "ladder") throw new Error("not a ladder");
  const plan: Generator<Step, Levels, StepResult> = planLadderLevels(
    listAudioRenditions(context.source.probe),
    ladder,
    context,
  );
  let next = plan.next();
  let count = 0;
  const phases: string[] = [];
  while (next.done !== true) {
    const answer = answers[count] ?? "";
    count += 1;
    if (next.value.kind === "ffmpeg") phases.push(next.value.phase);
    next = typeof answer === "string" ? plan.next({ log: answer, text: "" }) : plan.throw(answer);
  }
  return { levels: [...next.value], phases };
};
/** Log of the meters of a process: loudness and peak of each. */
const buildLog = (...meters: readonly (readonly [integrated: number, peak: number])[]) =>
  meters
    .map(
      ([integrated, peak], index) =>
        `[ebur128@audio${index} @ 0x1] Summary:\n  I: ${integrated.toFixed(1)} LUFS\n  Peak: ${peak.toFixed(1)} dBFS\n`,
    )
    .join("");
const options = { normalizeLoudness: true, loudnessLufs: -20 };

describe("the loudness of a ladder", () => {
  it("is the source's by default", () => {
    expect(findLevels({})).to.deep.equal({ levels: [], phases: [] });
  });

  it("is measured for each track by itself if a change of one built the graph of all again", () => {
    const logs = [
      buildLog([-99, -20], [-25, -4]) + buildLog([-98, -20]),
      buildLog([-30, -20]),
      buildLog([-25, -19]),
    ];

    expect(findLevels(options, ...logs)).to.deep.equal({
      levels: [
        [1, { gainDb: 10 }],
        [2, { gainDb: 5 }],
      ],
      phases: ["measuring loudness", "measuring loudness", "measuring loudness"],
    });
  });

  it("is measured for all tracks in one run, then encoded and measured again", () => {
    const logs = [buildLog([-30, -20], [-25, -4]), "", buildLog([-20.2, -8], [-20.2, -2])];

    expect(findLevels(options, ...logs)).to.deep.equal({
      levels: [
        [1, { gainDb: 10 }],
        [2, { gainDb: 5, ceilingDbtp: -3 }],
      ],
      phases: ["measuring loudness", "encoding audio", "checking loudness"],
    });
  });

  it("is encoded again for a track whose peaks the encoder raised", () => {
    const logs = [
      buildLog([-30, -15], [-25, -10]),
      "",
      buildLog([-20, -4], [-20, -1]),
      "",
      buildLog([-20, -1.9]),
    ];
    const { levels, phases } = findLevels(options, ...logs);

    expect(phases.filter((phase) => phase === "encoding audio")).to.have.length(2);
    expect(levels[0]).to.deep.equal([1, { gainDb: 10 }]);
    expect(levels[1]?.[1].ceilingDbtp).to.be.closeTo(-1.5 - 4 - 0.3, 0.01);
  });

  it("is not encoded for a measurement if the peaks are far below the maximum", () => {
    expect(findLevels(options, buildLog([-30, -20], [-25, -14])).phases).to.deep.equal([
      "measuring loudness",
    ]);
  });

  it("is the source's for another track that cannot be measured", () => {
    const damaged = new JobFailure(4002, "damaged");

    expect(findLevels(options, damaged, buildLog([-20, -15]), damaged).levels).to.deep.equal([
      [1, { gainDb: 0 }],
    ]);
    expect(() => findLevels(options, damaged, damaged)).to.throw(JobFailure);
  });
});
