import { expect } from "chai";
import { findSystemPreset } from "../../../pipeline/elastic-transcoder/presets/system-presets.ts";
import { planRecipe } from "../../../pipeline/recipes/plan-recipe.ts";
import { recipeOptionsSchema } from "../../../pipeline/recipes/schema.ts";
import { buildFragmentedMp4, buildVideoHeader } from "../packaging/fragmented-mp4.ts";
import { buildPlanContext, buildProbe, runPlan } from "./plan-context.ts";

describe("the plan of a recipe", () => {
  const options = [
    ...[{ name: "thumbnail" }, { name: "watermark" }, { name: "ladder" }, { name: "audio" }],
    ...[{ name: "clip", durationSeconds: 1 }, { name: "frames" }],
  ];
  for (const recipeOptions of options)
    it(`limits demuxers, protocols, pixels and reads for ${recipeOptions.name}`, () => {
      const recipe = recipeOptionsSchema.parse(recipeOptions);
      if (recipe.name === "transcode") throw new Error("a preset is no recipe");
      const images = { watermark: { url: "/scratch/watermark.png", probe: buildProbe() } };
      const encodedFile = { bytes: buildFragmentedMp4(buildVideoHeader(), [[1, 1]]), probe: buildProbe() };
      const { runs } = runPlan(
        planRecipe(recipe, buildPlanContext(buildProbe(), { images })),
        () => encodedFile,
      );

      const inputs = runs.flatMap((run) =>
        run.arguments.flatMap((arg, at) =>
          arg === "-i" && run.arguments[at + 1]?.startsWith("http") ? [run.arguments.slice(0, at)] : [],
        ),
      );
      expect(inputs).to.have.length.greaterThan(0);
      for (const before of inputs)
        for (const option of ["-protocol_whitelist", "-format_whitelist", "-max_pixels", "-rw_timeout"])
          expect(before).to.include(option);
    });

  it("exists for presets", () => {
    const preset = findSystemPreset("1351620000001-300040");
    if (preset === undefined) throw new Error("There is no preset MP3.");
    const capabilities = {
      ...buildPlanContext(buildProbe()).capabilities,
      encoders: new Set(["libmp3lame"]),
    };
    const output = { key: "out", preset, rotate: "auto" } as const;
    const { outputs } = runPlan(
      planRecipe({ name: "transcode", outputs: [output] }, buildPlanContext(buildProbe(), { capabilities })),
    );

    expect(outputs[0]?.expectation?.audio).to.deep.equal({ codec: "mp3" });
  });
});
