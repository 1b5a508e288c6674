import { expect } from "chai";
import { findSystemPreset } from "../../pipeline/elastic-transcoder/presets/system-presets.ts";
import type { TranscodeOutput } from "../../pipeline/elastic-transcoder/transcode/transcode-recipe.ts";
import type { Recipe, RecipeOptions } from "../../pipeline/recipes/recipe.ts";
import { recipeOptionsSchema } from "../../pipeline/recipes/schema.ts";
import { type HostileBench, openHostileBench } from "./hostile-bench.ts";
import { makeHostileMedia } from "./hostile-media.ts";

/** Seconds that end a hang; the slowest attempt of these takes two on a busy machine. */
const hangSeconds = 45;

const getPreset = (id: string) => {
  const preset = findSystemPreset(`1351620000001-${id}`);
  if (preset === undefined) throw new Error(`There is no preset ${id}.`);
  return preset;
};
const transcode = (id: string, watermark?: string): Recipe => {
  const output: TranscodeOutput = {
    key: "out/a",
    preset: getPreset(id),
    rotate: "auto",
    ...(watermark === undefined ? {} : { watermarks: [{ slot: "TopLeft", key: watermark }] }),
  };
  return { name: "transcode", outputs: [output] };
};
const parseRecipe = (options: Partial<RecipeOptions> & { readonly name: string }): Recipe => {
  const parsed = recipeOptionsSchema.parse(options);
  if (parsed.name === "transcode") throw new Error("A transcode recipe is made of presets.");
  return parsed;
};

const image = parseRecipe({ name: "image" });
const videoRecipes: Readonly<Record<string, Recipe>> = {
  thumbnail: parseRecipe({ name: "thumbnail" }),
  frames: parseRecipe({ name: "frames" }),
  watermark: parseRecipe({ name: "watermark", image: "mark.png" }),
  ladder: parseRecipe({ name: "ladder" }),
  clip: parseRecipe({ name: "clip", durationSeconds: 1 }),
  audio: parseRecipe({ name: "audio" }),
  "the preset Web": transcode("100070"),
  "the preset Webm VP9": transcode("100260"),
  "the preset Animated GIF": transcode("100200"),
  "the preset MP3": transcode("300040"),
};
const outputKeys = (recipe: Recipe): readonly string[] =>
  recipe.name === "image"
    ? ["out/a.webp", "out/a.jpg"]
    : ["frames", "ladder"].includes(recipe.name)
      ? ["out/"]
      : ["out/a"];

/** Results of an image as a source and as a watermark. */
const images: readonly (readonly [name: string, source: number | "made", watermark: number | "made"])[] = [
  ["bad-data.png", 4002, 4004],
  ["first-rows.png", 4002, 4004],
  ["cut.jpg", 4002, 4004],
  // Its first frame is whole.
  ["bad-frame.gif", "made", "made"],
  ["header.webp", 4002, 4004],
  ["longer-than-the-clip.gif", "made", "made"],
];

/**
 * Every recipe on media with false declarations, through the worker's own attempt, with one build of ffmpeg.
 */
export const describeHostileMedia = (searchPath: string): void => {
  describe(`hostile media (${searchPath === "" ? "the packaged ffmpeg" : "Debian's ffmpeg"})`, function () {
    this.timeout(120_000);
    let bench: HostileBench;
    before(async () => {
      bench = await openHostileBench(searchPath);
      await makeHostileMedia(bench.folder, bench.makeMedia);
      for (const name of ["clip.mp4", "zeros.mp4", "mark.png", ...images.map(([name]) => name)])
        await bench.upload(name);
    });
    after(() => bench.close());

    const expectResult = async (recipe: Recipe, key: string, expected: number | "made") => {
      const { failure, outputs, seconds } = await bench.attempt(recipe, key, {
        outputKeys: outputKeys(recipe),
      });

      expect(failure?.code ?? "made", failure?.message).to.equal(expected);
      expect(failure?.retryable ?? false).to.equal(false);
      expect(outputs.length > 0).to.equal(expected === "made");
      expect(seconds).to.be.lessThan(hangSeconds);
    };

    for (const [name, asSource, asWatermark] of images) {
      it(`ends recipe image for ${name} with ${asSource}`, () => expectResult(image, name, asSource));
      it(`ends recipe watermark for the watermark ${name} with ${asWatermark}`, () =>
        expectResult(parseRecipe({ name: "watermark", image: name }), "clip.mp4", asWatermark));
      it(`ends the preset Web for the watermark ${name} with ${asWatermark}`, () =>
        expectResult(transcode("100070", name), "clip.mp4", asWatermark));
    }

    for (const [name, recipe] of Object.entries(videoRecipes))
      it(`ends ${name} for zeros.mp4 with 4002`, () => expectResult(recipe, "zeros.mp4", 4002));
  });
};
