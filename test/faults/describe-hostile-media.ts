import { expect } from "chai";
import { findSystemPreset } from "../../pipeline/elastic-transcoder/presets/system-presets.ts";
import type { TranscodeOutput } from "../../pipeline/elastic-transcoder/transcode/transcode-recipe.ts";
import type { Recipe, RecipeOptions } from "../../pipeline/recipes/recipe.ts";
import { recipeOptionsSchema } from "../../pipeline/recipes/schema.ts";
import { type HostileBench, openHostileBench } from "./hostile-bench.ts";
import { makeHostileMedia } from "./hostile-media.ts";

/** Seconds that end a hang; the slowest attempt of these takes two on a busy machine. */
const hangSeconds = 45;

const presetOf = (id: string) => {
  const preset = findSystemPreset(`1351620000001-${id}`);
  if (preset === undefined) throw new Error(`There is no preset ${id}.`);
  return preset;
};
const transcode = (id: string, watermark?: string): Recipe => {
  const output: TranscodeOutput = {
    key: "out/a",
    preset: presetOf(id),
    rotate: "auto",
    ...(watermark === undefined ? {} : { watermarks: [{ slot: "TopLeft", key: watermark }] }),
  };
  return { name: "transcode", outputs: [output] };
};
const recipeOf = (options: Partial<RecipeOptions> & { readonly name: string }): Recipe => {
  const parsed = recipeOptionsSchema.parse(options);
  if (parsed.name === "transcode") throw new Error("A transcode recipe is made of presets.");
  return parsed;
};

const image = recipeOf({ name: "image" });
const videoRecipes: Readonly<Record<string, Recipe>> = {
  thumbnail: recipeOf({ name: "thumbnail" }),
  frames: recipeOf({ name: "frames" }),
  watermark: recipeOf({ name: "watermark", image: "mark.png" }),
  ladder: recipeOf({ name: "ladder" }),
  clip: recipeOf({ name: "clip", durationSeconds: 1 }),
  audio: recipeOf({ name: "audio" }),
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

/** How an image ends as a source, and as a watermark. */
const images: readonly (readonly [name: string, source: number | "made", watermark: number | "made"])[] = [
  ["bad-data.png", 4002, 4004],
  // What of these was decoded is shown, as every viewer does.
  ["first-rows.png", "made", "made"],
  ["cut.jpg", "made", "made"],
  ["bad-frame.gif", "made", "made"],
  ["header.webp", 4000, 4004],
  ["longer-than-the-clip.gif", "made", "made"],
];

/** Every recipe on media that is not what it says, by the worker's own attempt, with one build of ffmpeg. */
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

    const expectEnd = async (recipe: Recipe, key: string, wanted: number | "made") => {
      const { failure, outputs, seconds } = await bench.attempt(recipe, key, {
        outputKeys: outputKeys(recipe),
      });

      expect(failure?.code ?? "made", failure?.message).to.equal(wanted);
      expect(failure?.retryable ?? false).to.equal(false);
      expect(outputs.length > 0).to.equal(wanted === "made");
      expect(seconds).to.be.lessThan(hangSeconds);
    };

    for (const [name, asSource, asWatermark] of images) {
      it(`ends recipe image of ${name} with ${asSource}`, () => expectEnd(image, name, asSource));
      it(`ends recipe watermark with the watermark ${name} with ${asWatermark}`, () =>
        expectEnd(recipeOf({ name: "watermark", image: name }), "clip.mp4", asWatermark));
      it(`ends the preset Web with the watermark ${name} with ${asWatermark}`, () =>
        expectEnd(transcode("100070", name), "clip.mp4", asWatermark));
    }

    for (const [name, recipe] of Object.entries(videoRecipes))
      it(`ends ${name} of zeros.mp4 with 4002`, () => expectEnd(recipe, "zeros.mp4", 4002));
  });
};
