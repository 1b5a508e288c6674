import { mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import { totalmem } from "node:os";
import { join } from "node:path";
import { imageProgram } from "../../build/package-directory.ts";
import { convertWatermarkImage } from "../../docker/ffmpeg/attempt/convert-watermark.ts";
import { listFolder, readFirstBytes } from "../../docker/ffmpeg/attempt/run-plan.ts";
import { isEncodedImagePath, probeEncodedImage } from "../../docker/ffmpeg/outputs/probe-encoded-image.ts";
import { convertImage, probeImage } from "../../docker/ffmpeg/programs/image-program.ts";
import type {
  FailOutputStep,
  FfmpegStep,
  PlanInput,
  Step,
  StepResult,
} from "../../pipeline/encoding/plan.ts";
import { verifyOutput } from "../../pipeline/encoding/verify-output.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import { containerDemuxers } from "../../pipeline/media/demuxers.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import { checkSource } from "../../pipeline/recipes/check-source.ts";
import { planRecipe } from "../../pipeline/recipes/plan-recipe.ts";
import { hasVideoEncoder, type Recipe } from "../../pipeline/recipes/recipe.ts";
import { type MediaPrograms, testLimits } from "./media-programs.ts";

const emptyResult: StepResult = { log: "", text: "" };

/** Options of the worker's image program. */
export const imageOptions = {
  imageProgram,
  name: "the image",
  signal: new AbortController().signal,
  graceSeconds: 1,
  threads: 2,
  taskMemoryBytes: totalmem(),
};
const readLength = async (url: string): Promise<number> => {
  const response = await fetch(url, { method: "HEAD" });
  return Number(response.headers.get("content-length"));
};
const probeSource = async (programs: MediaPrograms, recipe: Recipe, url: string): Promise<Probe> =>
  recipe.name === "image"
    ? probeImage(url, await readLength(url), testLimits.maxImagePixels, imageOptions)
    : programs.inspect(url, containerDemuxers, hasVideoEncoder(recipe.name));

/** Probes an output as the worker does. */
const probeOutput = async (programs: MediaPrograms, recipe: Recipe, path: string): Promise<Probe> => {
  if (recipe.name === "image")
    return probeImage(path, (await stat(path)).size, testLimits.maxImagePixels, imageOptions);
  return isEncodedImagePath(path) ? probeEncodedImage(path) : programs.probe(path, containerDemuxers);
};

const runStep = async (
  programs: MediaPrograms,
  recipe: Recipe,
  step: Step,
  source: Probe,
): Promise<StepResult> => {
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
      return { log: "", text: "", probe: await probeOutput(programs, recipe, step.path) };
    case "image":
      await convertImage(step.conversion, source, imageOptions);
      return { log: "", text: "" };
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
  /** Called with each warning. */
  readonly onWarning?: ((text: string) => void) | undefined;
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
  const scratchDirectory = await mkdtemp(join(folder, "scratch-"));
  for (const [role, imageUrl] of Object.entries(imageUrls))
    images[role] = await convertWatermarkImage(
      imageUrl,
      await readLength(imageUrl),
      join(await mkdtemp(join(folder, "watermark-")), "watermark.png"),
      testLimits.maxImagePixels,
      imageOptions,
    );
  const source = { url, probe: await probeSource(programs, recipe, url) };
  checkSource("the source", recipe, source.probe, testLimits);
  const plan = planRecipe(recipe, {
    source,
    images,
    scratchDirectory,
    outputKeys,
    capabilities: await programs.capabilities(),
    limits: testLimits,
    threads: 2,
  });
  let next = plan.next();
  while (next.done !== true) {
    const step = next.value;
    if (step.kind === "ffmpeg") planRun.onRun?.(step);
    if (step.kind === "warn") planRun.onWarning?.(step.text);
    if (step.kind === "fail-output" && planRun.onFailOutput !== undefined) {
      planRun.onFailOutput(step);
      next = plan.next(emptyResult);
      continue;
    }
    let result: StepResult;
    try {
      result = await runStep(programs, recipe, step, source.probe);
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
      const probe = await probeOutput(programs, recipe, path);
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
