import { expect } from "chai";
import type { FfmpegStep, StepResult } from "../../../pipeline/encoding/plan.ts";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import { planLadder } from "../../../pipeline/recipes/ladder.ts";
import type { LadderOptions } from "../../../pipeline/recipes/recipe.ts";
import { buildAudioHeader, buildFragmentedMp4 } from "../packaging/fragmented-mp4.ts";
import { audioOf, buildPlanContext, buildProbe } from "./plan-context.ts";

const options: LadderOptions = {
  name: "ladder",
  heights: [180],
  segmentSeconds: 4,
  spriteIntervalSeconds: 5,
};
const probe = buildProbe({
  video: undefined,
  audio: audioOf({ index: 1 }),
  audioTracks: [audioOf({ index: 1, isDefault: true }), audioOf({ index: 2 })],
});
const context = buildPlanContext(probe, { outputKeys: ["out/"] });

/** Log of the meters of a process: the peak of each. */
const buildLog = (peaks: readonly number[]): string =>
  peaks
    .map(
      (peak, index) =>
        `[ebur128@audio${index} @ 0x1] Summary:\n  I: -10.0 LUFS\n  Peak: ${peak.toFixed(1)} dBFS\n`,
    )
    .join("");

/** Plans a ladder of two audio tracks with the peaks of each check, or the failure of a phase. */
const runLadder = (checks: readonly (readonly number[])[], failure?: readonly [string, JobFailure]) => {
  const plan = planLadder(options, context);
  const runs: FfmpegStep[] = [];
  const warnings: string[] = [];
  let checkCount = 0;
  let next = plan.next();
  while (next.done !== true) {
    const step = next.value;
    let result: StepResult = { log: "", text: "" };
    if (step.kind === "warn") warnings.push(step.text);
    if (step.kind === "head")
      result = { ...result, bytes: buildFragmentedMp4(buildAudioHeader(), [[600, 4011]]) };
    if (step.kind === "probe") result = { ...result, probe };
    if (step.kind === "ffmpeg") {
      runs.push(step);
      if (step.phase === failure?.[0]) {
        next = plan.throw(failure[1]);
        continue;
      }
      if (step.phase === "checking loudness") {
        result = { ...result, log: buildLog(checks[checkCount] ?? []) };
        checkCount += 1;
      }
    }
    next = plan.next(result);
  }
  const files = next.value.map(({ path }) => path).filter((path) => path.endsWith(".mp4"));
  return { runs, warnings, files };
};
const listPhases = (runs: readonly FfmpegStep[]) => runs.map(({ phase }) => phase);
const listCeilings = (runs: readonly FfmpegStep[]) =>
  runs
    .filter(({ phase }) => phase === "limiting peaks")
    .map((run) =>
      [...run.arguments.join(" ").matchAll(/alimiter=limit=([\d.]+)/g)].map(([, limit]) =>
        Number((20 * Math.log10(Number(limit))).toFixed(2)),
      ),
    );

describe("the peaks of a ladder", () => {
  it("are checked in one run; the tracks are published if none exceeds full scale", () => {
    const { runs, files } = runLadder([[0, -3]]);

    expect(listPhases(runs)).to.deep.equal(["encoding renditions", "checking loudness"]);
    expect(files).to.deep.equal(["/scratch/rendition-0.mp4", "/scratch/rendition-1.mp4"]);
  });

  it("are lowered by encoding only the loud track again, and checked", () => {
    const { runs, files } = runLadder([[-3, 2.5], [-0.1]]);

    expect(listPhases(runs).slice(2)).to.deep.equal(["limiting peaks", "checking loudness"]);
    expect(runs[2]?.arguments).to.include("0:2").and.not.include("0:1");
    expect(listCeilings(runs)).to.deep.equal([[-4.05]]);
    expect(files).to.deep.equal(["/scratch/rendition-0.mp4", "/scratch/limited-1-rendition-1.mp4"]);
  });

  it("are limited for the worst case the third time, which needs no check", () => {
    const { runs, files } = runLadder([[0.5, -3], [0.2], [0.1]]);

    expect(listPhases(runs).slice(2)).to.deep.equal([
      ...["limiting peaks", "checking loudness", "limiting peaks", "checking loudness", "limiting peaks"],
    ]);
    expect(listCeilings(runs)).to.deep.equal([[-2.05], [-2.55], [-7.2]]);
    expect(files[0]).to.equal("/scratch/limited-3-rendition-0.mp4");
  });

  it("are never limited more than for the worst case", () => {
    expect(listCeilings(runLadder([[9, -3], [-1]]).runs)).to.deep.equal([[-7.2]]);
  });

  it("are a warning if they cannot be checked or lowered because of the media", () => {
    for (const phase of ["checking loudness", "limiting peaks"]) {
      const { warnings, files } = runLadder([[3, -3]], [phase, new JobFailure(4002, "damaged")]);

      expect(warnings, phase).to.deep.equal([
        "The peaks of the audio may exceed full scale, because they could not be checked: damaged",
      ]);
      expect(files, phase).to.deep.equal(["/scratch/rendition-0.mp4", "/scratch/rendition-1.mp4"]);
    }
  });

  it("fail the attempt if the check fails for another reason", () => {
    const failure = new JobFailure(9000, "full", { retryable: true });

    expect(() => runLadder([[3, -3]], ["checking loudness", failure])).to.throw(failure);
  });
});
