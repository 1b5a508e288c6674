import { mkdir, open, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type {
  FfmpegStep,
  ImageStep,
  Plan,
  PlannedOutput,
  Step,
  StepResult,
} from "../../../pipeline/encoding/plan.ts";
import type { JobFailure } from "../../../pipeline/errors/job-error.ts";
import type { Probe } from "../../../pipeline/media/probe.ts";
import type { FfmpegRun } from "../programs/ffmpeg.ts";

/** Runs the steps of a plan. */
export interface StepRunner {
  runFfmpeg(step: FfmpegStep): Promise<FfmpegRun>;
  probe(path: string): Promise<Probe>;
  convertImage(step: ImageStep): Promise<void>;
  /** Classifies a failed run of ffmpeg. */
  classifyFailure(step: FfmpegStep, run: FfmpegRun): JobFailure;
  /** An output group has failed. The others continue. */
  failOutput(outputGroup: string, failure: JobFailure): void;
}
export interface PlanResult {
  readonly outputs: readonly PlannedOutput[];
  /** Messages for the user, e.g. about errors in the source that ffmpeg ignored. */
  readonly warnings: readonly string[];
}

/** Lists the files of a folder with their sizes, including dotfiles. */
export const listFolder = async (path: string): Promise<Pick<StepResult, "text" | "sizes">> => {
  const names = (await readdir(path)).sort();
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(path, name))).size));
  return { text: names.join("\n"), sizes };
};

/** Reads the first bytes of a file. */
export const readFirstBytes = async (path: string, length: number): Promise<Uint8Array> => {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
};

/** Runs a plan: runs each step that it yields, and passes the result back or throws the failure into it. */
export const runPlan = async (plan: Plan, runner: StepRunner): Promise<PlanResult> => {
  const warnings: string[] = [];
  const runStep = async (step: Step): Promise<StepResult> => {
    switch (step.kind) {
      case "ffmpeg": {
        const run = await runner.runFfmpeg(step);
        if (run.code !== 0 || run.hasHitMemoryLimit) throw runner.classifyFailure(step, run);
        if (run.errorLines > 0)
          warnings.push(
            `ffmpeg ignored ${run.errorLines === 1 ? "an error" : `${run.errorLines} errors`} in the source (phase ${step.phase})`,
          );
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
      case "image":
        await runner.convertImage(step);
        return { log: "", text: "" };
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
