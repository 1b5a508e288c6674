import { mkdir, open, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type {
  FfmpegStep,
  Plan,
  PlannedOutput,
  RangeStep,
  Step,
  StepResult,
} from "../../pipeline/encoding/plan.ts";
import type { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import type { FfmpegRun } from "./ffmpeg.ts";

/** What carries a plan's steps out. */
export interface StepRunner {
  runFfmpeg(step: FfmpegStep): Promise<FfmpegRun>;
  probe(path: string): Promise<Probe>;
  readRange(step: RangeStep): Promise<Uint8Array>;
  /** What a run of ffmpeg that did not end well means. */
  classifyFailure(step: FfmpegStep, run: FfmpegRun): JobFailure;
  /** A part of the work has failed; the rest goes on. */
  failOutput(outputGroup: string, failure: JobFailure): void;
}
export interface PlanResult {
  readonly outputs: readonly PlannedOutput[];
  /** What ffmpeg worked around, in words. */
  readonly warnings: readonly string[];
}

/** The files of a folder with their sizes; its own dotfiles too. */
export const listFolder = async (path: string): Promise<Pick<StepResult, "text" | "sizes">> => {
  const names = (await readdir(path)).sort();
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(path, name))).size));
  return { text: names.join("\n"), sizes };
};

/** The first bytes of a file. */
export const readFirstBytes = async (path: string, length: number): Promise<Uint8Array> => {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
};

/** Drives a plan to its end: every step it yields is run, and its result handed back, or its failure thrown in. */
export const runPlan = async (plan: Plan, runner: StepRunner): Promise<PlanResult> => {
  const warnings: string[] = [];
  const runStep = async (step: Step): Promise<StepResult> => {
    switch (step.kind) {
      case "ffmpeg": {
        const run = await runner.runFfmpeg(step);
        if (run.code !== 0 || run.hasHitMemoryLimit) throw runner.classifyFailure(step, run);
        if (run.errorLines > 0)
          warnings.push(`${run.errorLines} errors in the source were passed over while ${step.phase}`);
        return { log: run.log, text: "" };
      }
      case "write":
        await mkdir(dirname(step.path), { recursive: true });
        await writeFile(step.path, step.text);
        return { log: "", text: "" };
      case "read":
        return { log: "", text: await readFile(step.path, "utf8") };
      case "head":
        return { log: "", text: "", bytes: await readFirstBytes(step.path, step.length) };
      case "list":
        return { log: "", ...(await listFolder(step.path)) };
      case "probe":
        return { log: "", text: "", probe: await runner.probe(step.path) };
      case "range":
        return { log: "", text: "", bytes: await runner.readRange(step) };
      case "fail-output":
        runner.failOutput(step.outputGroup, step.failure);
        return { log: "", text: "" };
      case "warn":
        warnings.push(step.text);
        return { log: "", text: "" };
    }
  };
  let next = plan.next();
  while (next.done !== true) {
    let result: StepResult;
    try {
      result = await runStep(next.value);
    } catch (cause) {
      next = plan.throw(cause);
      continue;
    }
    next = plan.next(result);
  }
  return { outputs: next.value, warnings };
};
