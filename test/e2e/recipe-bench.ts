import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { findSystemPreset } from "../../pipeline/elastic-transcoder/presets/system-presets.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { Recipe } from "../../pipeline/recipes/recipe.ts";
import { recipeOptionsSchema } from "../../pipeline/recipes/schema.ts";
import { drivePlan, type ProducedFile } from "./drive-plan.ts";
import { type FileServer, serveFiles } from "./file-server.ts";
import { type MediaPrograms, packagedPrograms, withRememberedProbes } from "./media-programs.ts";
import { makeClips } from "./sample-clips.ts";

const outputKeys: Readonly<Record<string, readonly string[]>> = {
  thumbnail: ["thumb/a.png"],
  watermark: ["marked/a.mp4"],
  image: ["images/a.webp", "images/a.jpg"],
  ladder: ["output/a/"],
  audio: ["audio/a.m4a"],
  clip: ["clip/a.mp4"],
  frames: ["frames/a/"],
};

const parseRecipe = (options: object): Recipe => {
  const parsed = recipeOptionsSchema.parse(options);
  if (parsed.name === "transcode") throw new Error("transcode is proven with its presets");
  return parsed;
};

interface RecipeOptions {
  readonly name: string;
  readonly [option: string]: unknown;
}
/** Sample clips on a server, and functions that create outputs from them with one build of ffmpeg. */
export interface RecipeBench {
  readonly programs: MediaPrograms;
  readonly folder: () => string;
  readonly server: () => FileServer;
  readonly make: (options: RecipeOptions, clip: string, mark?: string) => Promise<readonly ProducedFile[]>;
  /** The only output of a recipe, verified. */
  readonly makeOne: (options: RecipeOptions, clip: string, mark?: string) => Promise<ProducedFile>;
  /** The output of the preset Web, verified. */
  readonly transcode: (clip: string) => Promise<ProducedFile>;
  readonly openAll: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Differences of outputs from their plan. */
export const listProblems = (outputs: readonly ProducedFile[]): readonly string[] =>
  outputs.flatMap((output) => output.problems);

/** The JobFailure that some work rejects with. */
export const catchJobFailure = async (work: Promise<unknown>): Promise<JobFailure> => {
  const cause: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(cause instanceof JobFailure)) throw new Error(`expected a JobFailure, got: ${String(cause)}`);
  return cause;
};

export const createRecipeBench = (build: MediaPrograms): RecipeBench => {
  const programs = withRememberedProbes(build);
  let folder = "";
  let server: FileServer | undefined;
  const opened = (): FileServer => {
    if (server === undefined) throw new Error("The bench is not open.");
    return server;
  };
  const make: RecipeBench["make"] = (options, clip, mark = "picture.png") =>
    drivePlan(programs, {
      recipe: parseRecipe(options),
      url: opened().url(clip),
      outputKeys: outputKeys[options.name] ?? [],
      folder,
      ...(options.name === "watermark" ? { watermarkUrl: opened().url(mark) } : {}),
    });
  const expectOneOutput = (outputs: readonly ProducedFile[]): ProducedFile => {
    const [output] = outputs;
    if (output === undefined || outputs.length !== 1)
      throw new Error(`made ${outputs.length} outputs, not one`);
    expect(output.problems).to.deep.equal([]);
    return output;
  };
  return {
    programs,
    folder: () => folder,
    server: opened,
    make,
    makeOne: async (options, clip, mark) => expectOneOutput(await make(options, clip, mark)),
    async transcode(clip) {
      const preset = findSystemPreset("1351620000001-100070");
      if (preset === undefined) throw new Error("There is no preset Web.");
      const recipe: Recipe = { name: "transcode", outputs: [{ key: "out", preset, rotate: "auto" }] };
      return expectOneOutput(
        await drivePlan(programs, { recipe, url: opened().url(clip), outputKeys: ["out"], folder }),
      );
    },
    // The clips are the same whichever build works them.
    async openAll() {
      folder = await mkdtemp(join(tmpdir(), "reelway-recipes-"));
      await makeClips(packagedPrograms(), folder);
      server = await serveFiles(folder);
    },
    async close() {
      await server?.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
