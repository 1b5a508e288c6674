import { mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readRange } from "../../docker/ffmpeg/read-range.ts";
import { listFolder, readFirstBytes } from "../../docker/ffmpeg/run-plan.ts";
import type {
  FailOutputStep,
  FfmpegStep,
  PlanInput,
  Step,
  StepResult,
} from "../../pipeline/encoding/plan.ts";
import { verifyOutput } from "../../pipeline/encoding/verify-output.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import { containerDemuxers, imageDemuxers } from "../../pipeline/media/demuxers.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import { checkSource } from "../../pipeline/recipes/check-source.ts";
import { planRecipe } from "../../pipeline/recipes/plan-recipe.ts";
import { encodesVideo, type Recipe } from "../../pipeline/recipes/recipe.ts";
import { sourceDemuxers } from "../../pipeline/recipes/source-demuxers.ts";
import { type MediaPrograms, testLimits } from "./media-programs.ts";

/** Demuxers of the recipes' outputs. */
const outputDemuxers = [...new Set([...containerDemuxers, ...imageDemuxers])];

const emptyResult: StepResult = { log: "", text: "" };

const runStep = async (programs: MediaPrograms, step: Step): Promise<StepResult> => {
  switch (step.kind) {
    case "ffmpeg":
      try {
        return { log: await programs.ffmpeg(step.arguments), text: "" };
      } catch (cause) {
        throw new JobFailure(4002, String(cause), { cause });
      }
    case "write":
      await writeFile(step.path, step.text);
      return { log: "", text: "" };
    case "read":
      return { log: "", text: await readFile(step.path, "utf8") };
    case "list":
      return { log: "", ...(await listFolder(step.path)) };
    case "head":
      return { log: "", text: "", bytes: await readFirstBytes(step.path, step.length) };
    case "fail-output":
      throw step.failure;
    case "warn":
      return { log: "", text: "" };
    case "probe":
      return { log: "", text: "", probe: await programs.probe(step.path, outputDemuxers) };
    case "range":
      return { log: "", text: "", bytes: await readRange(step, new AbortController().signal) };
  }
};

export interface ProducedFile {
  readonly path: string;
  readonly key: string;
  readonly manifest: boolean;
  readonly probe?: Probe;
  readonly problems: readonly string[];
  readonly text: string;
}
export interface PlanRun {
  readonly recipe: Recipe;
  readonly url: string;
  readonly outputKeys: readonly string[];
  readonly folder: string;
  readonly watermarkUrl?: string;
  /** URLs of further images by role. */
  readonly imageUrls?: Readonly<Record<string, string>>;
  /** Called for each failed output; without it such an output fails the plan. */
  readonly onFailOutput?: (step: FailOutputStep) => void;
  /** Called for each run of ffmpeg. */
  readonly onRun?: (step: FfmpegStep) => void;
}

/** Runs a plan with real ffmpeg, then probes and verifies its outputs. */
export const drivePlan = async (
  programs: MediaPrograms,
  planRun: PlanRun,
): Promise<readonly ProducedFile[]> => {
  const { recipe, url, outputKeys, folder, watermarkUrl } = planRun;
  const images: Record<string, PlanInput> = {};
  const imageUrls = {
    ...planRun.imageUrls,
    ...(watermarkUrl === undefined ? {} : { watermark: watermarkUrl }),
  };
  for (const [role, imageUrl] of Object.entries(imageUrls))
    images[role] = { url: imageUrl, probe: await programs.probe(imageUrl, imageDemuxers) };
  const source = {
    url,
    probe: await programs.inspect(url, sourceDemuxers(recipe.name), encodesVideo(recipe.name)),
  };
  checkSource("the source", recipe, source.probe, testLimits);
  const plan = planRecipe(recipe, {
    source,
    images,
    scratchDirectory: await mkdtemp(join(folder, "scratch-")),
    outputKeys,
    capabilities: await programs.capabilities(),
    limits: testLimits,
    threads: 2,
  });
  let next = plan.next();
  while (next.done !== true) {
    const step = next.value;
    if (step.kind === "ffmpeg") planRun.onRun?.(step);
    if (step.kind === "fail-output" && planRun.onFailOutput !== undefined) {
      planRun.onFailOutput(step);
      next = plan.next(emptyResult);
      continue;
    }
    let result: StepResult;
    try {
      result = await runStep(programs, step);
    } catch (cause) {
      next = plan.throw(cause);
      continue;
    }
    next = plan.next(result);
  }
  return Promise.all(
    next.value.map(async ({ path, key, isManifest, expectation, durationSeconds }): Promise<ProducedFile> => {
      const bytes = (await stat(path)).size;
      if (expectation === undefined)
        return { path, key, manifest: isManifest, problems: [], text: await readFile(path, "utf8") };
      if (durationSeconds !== undefined) {
        const listed = { formats: ["hls"], durationSeconds };
        const problems = verifyOutput(expectation, listed, bytes);
        return {
          path,
          key,
          manifest: isManifest,
          probe: listed,
          problems,
          text: await readFile(path, "utf8"),
        };
      }
      const probe = await programs.probe(path, outputDemuxers);
      return {
        path,
        key,
        manifest: isManifest,
        probe: probe,
        problems: verifyOutput(expectation, probe, bytes),
        text: "",
      };
    }),
  );
};
