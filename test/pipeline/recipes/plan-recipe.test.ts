import { expect } from "chai";
import { findSystemPreset } from "../../../pipeline/elastic-transcoder/presets/system-presets.ts";
import { planRecipe } from "../../../pipeline/recipes/plan-recipe.ts";
import { recipeOptionsSchema } from "../../../pipeline/recipes/schema.ts";
import { contextOf, drive, probeOf } from "./plan-context.ts";

describe("the plan of a recipe", () => {
  const options = [
    ...[
      { name: "thumbnail" },
      { name: "watermark" },
      { name: "image" },
      { name: "ladder" },
      { name: "audio" },
    ],
    ...[{ name: "clip", durationSeconds: 1 }, { name: "frames" }],
  ];
  for (const given of options)
    it(`is found for ${given.name}: bounded in demuxers, protocols, pixels and reads`, () => {
      const recipe = recipeOptionsSchema.parse(given);
      if (recipe.name === "transcode") throw new Error("a preset is no recipe");
      const images = { watermark: { url: "http://127.0.0.1:1/mark", probe: probeOf() } };
      const { runs } = drive(planRecipe(recipe, contextOf(probeOf(), { images })));

      const inputs = runs.flatMap((run) =>
        run.arguments.flatMap((word, at) =>
          word === "-i" && run.arguments[at + 1]?.startsWith("http") ? [run.arguments.slice(0, at)] : [],
        ),
      );
      expect(inputs).to.have.length.greaterThan(0);
      for (const before of inputs)
        for (const option of ["-protocol_whitelist", "-format_whitelist", "-max_pixels", "-rw_timeout"])
          expect(before).to.include(option);
    });

  it("is found for presets", () => {
    const preset = findSystemPreset("1351620000001-300040");
    if (preset === undefined) throw new Error("There is no preset MP3.");
    const capabilities = { ...contextOf(probeOf()).capabilities, encoders: new Set(["libmp3lame"]) };
    const output = { key: "out", preset, rotate: "auto" } as const;
    const { outputs } = drive(
      planRecipe({ name: "transcode", outputs: [output] }, contextOf(probeOf(), { capabilities })),
    );

    expect(outputs[0]?.expectation?.audio).to.deep.equal({ codec: "mp3" });
  });
});
