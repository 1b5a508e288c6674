import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { runPlan, type StepRunner } from "../../../docker/ffmpeg/attempt/run-plan.ts";
import type { FfmpegStep, Plan } from "../../../pipeline/encoding/plan.ts";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";

const run = (code: number): FfmpegStep => ({
  kind: "ffmpeg",
  phase: "making",
  weight: 1,
  arguments: [String(code)],
});
const broken = new JobFailure(4002, "broken");

describe("runPlan", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-plan-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const calls: string[] = [];
  const runner: StepRunner = {
    runFfmpeg: async (step) => ({
      code: Number(step.arguments[0]),
      signal: null,
      timedOut: false,
      log: "said",
      errorLines: 0,
      hasHitMemoryLimit: false,
    }),
    probe: () => Promise.reject(new Error("not asked")),
    convertImage: () => Promise.reject(new Error("not asked")),
    classifyFailure: () => broken,
    failOutput: (outputGroup, failure) => void calls.push(`${outputGroup} ${failure.code}`),
  };

  it("throws a failed step into the plan, which can continue", async () => {
    const plan = function* (): Plan {
      try {
        yield run(1);
      } catch (cause) {
        if (cause instanceof JobFailure) yield { kind: "fail-output", outputGroup: "a", failure: cause };
      }
      const { log } = yield run(0);
      yield { kind: "warn", text: `it ${log}` };
      return [];
    };

    expect(await runPlan(plan(), runner)).to.deep.equal({ outputs: [], warnings: ["it said"] });
    expect(calls).to.deep.equal(["a 4002"]);
  });

  it("fails if the plan does not catch it", async () => {
    const plan = function* (): Plan {
      yield run(1);
      return [];
    };
    const failure: unknown = await runPlan(plan(), runner).catch((cause: unknown) => cause);

    expect(failure).to.equal(broken);
  });

  it("returns names, sizes and first bytes of files", async () => {
    const results: unknown[] = [];
    const plan = function* (): Plan {
      yield { kind: "write", path: join(folder, "b.txt"), text: "hello" };
      yield { kind: "write", path: join(folder, "a.txt"), text: "x" };
      const { text, sizes } = yield { kind: "list", path: folder };
      const head = yield { kind: "head", path: join(folder, "b.txt"), length: 3 };
      const firstBytes = yield { kind: "head", path: join(folder, "b.txt"), length: 99 };
      results.push(
        text,
        sizes,
        ...[head, firstBytes].map(({ bytes }) => Buffer.from(bytes ?? []).toString()),
      );
      return [];
    };
    await runPlan(plan(), runner);

    expect(results).to.deep.equal(["a.txt\nb.txt", [1, 5], "hel", "hello"]);
  });
});
