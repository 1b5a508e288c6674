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
import type { Recipe } from "../../pipeline/recipes/recipe.ts";
import { sourceDemuxers } from "../../pipeline/recipes/source-demuxers.ts";
import { type MediaPrograms, testLimits } from "./media-programs.ts";

/** Demuxers of what recipes make. */
const madeDemuxers = [...new Set([...containerDemuxers, ...imageDemuxers])];

const nothing: StepResult = { log: "", text: "" };

const act = async (programs: MediaPrograms, step: Step): Promise<StepResult> => {
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
      return { log: "", text: "", probe: await programs.probe(step.path, madeDemuxers) };
    case "range":
      return { log: "", text: "", bytes: await readRange(step, new AbortController().signal) };
  }
};

export interface Made {
  readonly path: string;
  readonly key: string;
  readonly manifest: boolean;
  readonly probe?: Probe;
  readonly problems: readonly string[];
  readonly text: string;
}
export interface Work {
  readonly recipe: Recipe;
  readonly url: string;
  readonly outputKeys: readonly string[];
  readonly folder: string;
  readonly watermarkUrl?: string;
  /** Further pictures by role, as URLs. */
  readonly pictures?: Readonly<Record<string, string>>;
  /** Told of parts that are given up; without it they fail the work. */
  readonly onGiveUp?: (step: FailOutputStep) => void;
  /** Told of each run of ffmpeg. */
  readonly onRun?: (step: FfmpegStep) => void;
}

/** Does all a plan asks for with real ffmpeg, and probes and verifies what it made. */
export const drivePlan = async (programs: MediaPrograms, work: Work): Promise<readonly Made[]> => {
  const { recipe, url, outputKeys, folder, watermarkUrl } = work;
  const images: Record<string, PlanInput> = {};
  const pictures = { ...work.pictures, ...(watermarkUrl === undefined ? {} : { watermark: watermarkUrl }) };
  for (const [role, picture] of Object.entries(pictures))
    images[role] = { url: picture, probe: await programs.probe(picture, imageDemuxers) };
  const source = { url, probe: await programs.probe(url, sourceDemuxers(recipe.name)) };
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
  let turn = plan.next();
  while (turn.done !== true) {
    const step = turn.value;
    if (step.kind === "ffmpeg") work.onRun?.(step);
    if (step.kind === "fail-output" && work.onGiveUp !== undefined) {
      work.onGiveUp(step);
      turn = plan.next(nothing);
      continue;
    }
    let result: StepResult;
    try {
      result = await act(programs, step);
    } catch (cause) {
      turn = plan.throw(cause);
      continue;
    }
    turn = plan.next(result);
  }
  return Promise.all(
    turn.value.map(async ({ path, key, isManifest, expectation, durationSeconds }): Promise<Made> => {
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
      const found = await programs.probe(path, madeDemuxers);
      return {
        path,
        key,
        manifest: isManifest,
        probe: found,
        problems: verifyOutput(expectation, found, bytes),
        text: "",
      };
    }),
  );
};
