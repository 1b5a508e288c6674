import { findSystemPreset } from "../../../pipeline/elastic-transcoder/presets/system-presets.ts";
import type { Recipe } from "../../../pipeline/recipes/recipe.ts";
import { recipeOptionsSchema } from "../../../pipeline/recipes/schema.ts";
import { drivePlan, type ProducedFile } from "../../e2e/drive-plan.ts";
import type { MediaPrograms } from "../../e2e/media-programs.ts";
import type { MediaFacts } from "../inputs/media-input.ts";

/** A part of the source, in seconds. */
export interface SourceWindow {
  readonly startSeconds: number;
  readonly durationSeconds: number;
}

/** A recipe of the suite, with its options. */
export interface SuiteRecipe {
  readonly name: string;
  /** Whether the recipe takes such an input. */
  readonly takes: (facts: MediaFacts) => boolean;
  readonly build: (facts: MediaFacts) => Recipe;
  readonly outputKeys: readonly string[];
}

const parseOptions = (options: object): Recipe => {
  const parsed = recipeOptionsSchema.parse(options);
  if (parsed.name === "transcode") throw new Error("A transcode recipe is built from its preset.");
  return parsed;
};
const buildTranscode = (preset: string, more: object = {}): Recipe => {
  const found = findSystemPreset(`1351620000001-${preset}`);
  if (found === undefined) throw new Error(`There is no preset ${preset}.`);
  return { name: "transcode", outputs: [{ key: "out", preset: found, rotate: "auto", ...more }] };
};

const hasVideo = ({ videoSeconds }: MediaFacts): boolean => videoSeconds !== undefined;
const hasAudio = ({ audioSeconds }: MediaFacts): boolean => audioSeconds !== undefined;
const hasTracks = (facts: MediaFacts): boolean => hasVideo(facts) || hasAudio(facts);
const isStill = (facts: MediaFacts): boolean => !hasTracks(facts);

/** The clip of an input: from 2.0 to 5.0 s, or a part of a shorter one that both of its tracks have. */
export const clipWindow = ({ videoSeconds, audioSeconds }: MediaFacts): SourceWindow => {
  const seconds = Math.min(videoSeconds ?? Infinity, audioSeconds ?? Infinity);
  if (seconds >= 5) return { startSeconds: 2, durationSeconds: 3 };
  return seconds >= 2
    ? { startSeconds: 0.5, durationSeconds: 1 }
    : { startSeconds: 0.25, durationSeconds: 0.5 };
};

/** The recipes in the order of the table. */
export const suiteRecipes: readonly SuiteRecipe[] = [
  {
    name: "thumbnail",
    takes: hasVideo,
    build: ({ videoSeconds = 0 }) =>
      parseOptions({ name: "thumbnail", at: { seconds: videoSeconds > 2.5 ? 2 : videoSeconds / 2 } }),
    outputKeys: ["thumb/a.png"],
  },
  {
    name: "watermark",
    takes: hasVideo,
    build: () => parseOptions({ name: "watermark", position: "center", opacity: 1 }),
    outputKeys: ["marked/a.mp4"],
  },
  {
    name: "ladder",
    takes: hasTracks,
    build: ({ isLadderNormalized = false }) =>
      parseOptions({
        name: "ladder",
        heights: [720, 480, 180, 96],
        segmentSeconds: 2,
        spriteIntervalSeconds: 1,
        normalizeLoudness: isLadderNormalized,
      }),
    outputKeys: ["output/a/"],
  },
  {
    name: "audio",
    takes: hasAudio,
    build: () => parseOptions({ name: "audio" }),
    outputKeys: ["audio/a.m4a"],
  },
  {
    name: "image",
    takes: isStill,
    build: () => parseOptions({ name: "image" }),
    outputKeys: ["images/a.webp", "images/a.jpg"],
  },
  {
    name: "clip",
    takes: hasTracks,
    build: (facts) => {
      const { startSeconds, durationSeconds } = clipWindow(facts);
      return parseOptions({ name: "clip", start: { seconds: startSeconds }, durationSeconds });
    },
    outputKeys: ["clip/a.mp4"],
  },
  {
    name: "frames",
    takes: hasVideo,
    build: () => parseOptions({ name: "frames", everySeconds: 1 }),
    outputKeys: ["frames/a/"],
  },
  { name: "preset Web", takes: hasTracks, build: () => buildTranscode("100070"), outputKeys: ["out"] },
  {
    name: "preset HLS 1M",
    takes: hasVideo,
    build: () => buildTranscode("200030", { segmentSeconds: 2 }),
    outputKeys: ["out"],
  },
];

/** Sources on a server. */
export interface SuiteSources {
  readonly url: (name: string) => string;
  /** Folder of temporary files. */
  readonly folder: string;
  /** Name of the watermark image. */
  readonly watermark: string;
}

/** Runs a recipe on an input with one build, and writes to a folder. */
export const runRecipe = (
  programs: MediaPrograms,
  sources: SuiteSources,
  recipe: SuiteRecipe,
  input: { readonly name: string; readonly facts: MediaFacts },
  folder: string,
): Promise<readonly ProducedFile[]> =>
  drivePlan(programs, {
    recipe: recipe.build(input.facts),
    url: sources.url(input.name),
    outputKeys: recipe.outputKeys,
    folder,
    ...(recipe.name === "watermark" ? { watermarkUrl: sources.url(sources.watermark) } : {}),
  });
