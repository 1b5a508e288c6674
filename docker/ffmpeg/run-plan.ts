import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { JobFailure } from "../../pipeline/job/error.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import type {
  FfmpegStep,
  Plan,
  PlannedOutput,
  RangeStep,
  Step,
  StepResult,
} from "../../pipeline/recipes/plan.ts";
import type { FfmpegRun } from "./ffmpeg.ts";

/** What carries a plan's steps out. */
export interface StepRunner {
  ffmpeg(step: FfmpegStep): Promise<FfmpegRun>;
  probe(path: string): Promise<Probe>;
  range(step: RangeStep): Promise<Uint8Array>;
  /** What a run of ffmpeg that did not end well means. */
  failure(step: FfmpegStep, run: FfmpegRun): JobFailure;
}
export interface PlanEnd {
  readonly outputs: readonly PlannedOutput[];
  /** What ffmpeg worked around, in words. */
  readonly warnings: readonly string[];
}

/** Drives a plan to its end: every step it yields is run, and its result handed back. */
export const runPlan = async (plan: Plan, runner: StepRunner): Promise<PlanEnd> => {
  const warnings: string[] = [];
  const runStep = async (step: Step): Promise<StepResult> => {
    switch (step.kind) {
      case "ffmpeg": {
        const run = await runner.ffmpeg(step);
        if (run.code !== 0) throw runner.failure(step, run);
        if (run.errorLines > 0)
          warnings.push(`${run.errorLines} errors in the source were passed over while ${step.stage}`);
        return { log: run.log, text: "" };
      }
      case "write":
        await mkdir(dirname(step.path), { recursive: true });
        await writeFile(step.path, step.text);
        return { log: "", text: "" };
      case "read":
        return { log: "", text: await readFile(step.path, "utf8") };
      case "list":
        return { log: "", text: (await readdir(step.path)).sort().join("\n") };
      case "probe":
        return { log: "", text: "", probe: await runner.probe(step.path) };
      case "range":
        return { log: "", text: "", bytes: await runner.range(step) };
    }
  };
  let next = plan.next();
  while (next.done !== true) next = plan.next(await runStep(next.value));
  return { outputs: next.value, warnings };
};
