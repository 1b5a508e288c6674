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
  while (next.done !== true) {
    const answer = answers[count] ?? "";
    count += 1;
    next = typeof answer === "string" ? plan.next({ log: answer, text: "" }) : plan.throw(answer);
  }
  return { levels: [...next.value], count };
};
const buildLog = (integrated: number, peak: number) =>
  `Summary:\n  I: ${integrated.toFixed(1)} LUFS\n  Peak: ${peak.toFixed(1)} dBFS\n`;

describe("the loudness of a ladder", () => {
  it("is the source's by default", () => {
    expect(findLevels({})).to.deep.equal({ levels: [], count: 0 });
  });

  it("is measured for each track, and again where a limiter works", () => {
    const options = { normalizeLoudness: true, loudnessLufs: -20 };

    expect(findLevels(options, buildLog(-30, -20), buildLog(-25, -4), buildLog(-20.2, -3))).to.deep.equal({
      levels: [
        [1, { gainDb: 10 }],
        [2, { gainDb: 5, ceilingDbtp: -3 }],
      ],
      count: 3,
    });
  });

  it("is the source's for another track that cannot be measured", () => {
    const damaged = new JobFailure(4002, "damaged");

    expect(findLevels({ normalizeLoudness: true }, buildLog(-16, -5), damaged).levels).to.deep.equal([
      [1, { gainDb: 0 }],
    ]);
    expect(() => findLevels({ normalizeLoudness: true }, damaged)).to.throw(JobFailure);
  });
});
