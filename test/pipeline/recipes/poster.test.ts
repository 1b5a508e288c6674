import { expect } from "chai";
import type { Step, StepResult } from "../../../pipeline/encoding/plan.ts";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import { planPoster } from "../../../pipeline/recipes/poster.ts";
import { buildPlanContext, buildProbe } from "./plan-context.ts";

const renditions = {
  largestPath: "/scratch/large.mp4",
  smallestPath: "/scratch/small.mp4",
  smallestSize: { width: 640, height: 360 },
};
const frameBytes = 320 * 180;
const detail = Uint8Array.from({ length: frameBytes }, (_, index) => (index % 2 === 0 ? 40 : 200));
const blackThenDetail = new Uint8Array(2 * frameBytes).fill(16);
blackThenDetail.set(detail, frameBytes);

const damaged = new JobFailure(4002, "damaged");
/** Runs the plan. A position of the poster that `fails` names is answered with a failure. */
const run = (
  answers: { readonly candidates?: Partial<StepResult> | JobFailure; readonly fails?: readonly string[] },
  seconds = 60,
) => {
  const plan = planPoster(
    buildPlanContext(buildProbe()),
    renditions,
    seconds,
    ["scale=2:2"],
    "/scratch/p.jpg",
  );
  const steps: Step[] = [];
  let next = plan.next();
  while (next.done !== true) {
    const step = next.value;
    steps.push(step);
    const isPoster = step.kind === "ffmpeg" && step.arguments.includes(renditions.largestPath);
    const position =
      step.kind === "ffmpeg" && step.arguments.includes("-ss")
        ? (step.arguments[step.arguments.indexOf("-ss") + 1] ?? "")
        : "start";
    if (isPoster && answers.fails?.includes(position) === true) next = plan.throw(damaged);
    else if (step.kind === "ffmpeg" && !isPoster && answers.candidates instanceof JobFailure)
      next = plan.throw(answers.candidates);
    else next = plan.next({ log: "", text: "", ...(isPoster ? {} : answers.candidates) });
  }
  return {
    hasPoster: next.value,
    steps,
    warnings: steps.flatMap((step) => (step.kind === "warn" ? [step.text] : [])),
  };
};
const candidates = { log: "n: 0 pts_time:0 \nn: 1 pts_time:6.4 \n", bytes: blackThenDetail };

describe("the poster of a ladder", () => {
  it("is the best candidate, from the largest rendition", () => {
    const { hasPoster, steps, warnings } = run({ candidates });
    const [first, read, poster] = steps;

    expect(hasPoster).to.equal(true);
    expect(warnings).to.deep.equal([]);
    expect(first?.kind === "ffmpeg" && first.arguments).to.include(renditions.smallestPath);
    expect(read).to.deep.equal({
      kind: "head",
      path: "/scratch/poster-candidates.gray",
      length: 24 * frameBytes,
    });
    expect(poster?.kind === "ffmpeg" && poster.arguments).to.include.members([
      "-ss",
      "6.398",
      renditions.largestPath,
      "scale=2:2",
    ]);
  });

  it("has only keyframes as candidates in a long video", () => {
    const skips = (seconds: number) => {
      const [step] = run({ candidates }, seconds).steps;
      return step?.kind === "ffmpeg" && step.arguments.includes("nokey");
    };
    expect([skips(60), skips(600)]).to.deep.equal([false, true]);
  });

  it("falls back to the first frame with a warning", () => {
    for (const failing of [{ candidates: damaged }, { candidates: {} }, { candidates, fails: ["6.398"] }]) {
      const { hasPoster, steps, warnings } = run(failing);
      const last = steps.findLast((step) => step.kind === "ffmpeg");

      expect(hasPoster).to.equal(true);
      expect(last?.arguments).not.to.include("-ss");
      expect(warnings).to.deep.equal(["The poster is the first frame: no better one could be decoded"]);
    }
  });

  it("is left out with a warning if no frame can be decoded", () => {
    const { hasPoster, warnings } = run({ candidates, fails: ["6.398", "start"] });

    expect(hasPoster).to.equal(false);
    expect(warnings).to.deep.equal(["The ladder has no poster: no frame of its renditions could be decoded"]);
  });

  it("passes on a failure of the machine", () => {
    const full = new JobFailure(9000, "The scratch volume is full.", { retryable: true });
    const incomplete = new JobFailure(9000, "This build of ffmpeg lacks the filter showinfo.");

    expect(() => run({ candidates: full })).to.throw(JobFailure, "full");
    expect(() => run({ candidates: incomplete })).to.throw(JobFailure, "showinfo");
  });
});
