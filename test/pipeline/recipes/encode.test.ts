import { expect } from "chai";
import { mediaSeconds, pictureSeconds, soundSeconds } from "../../../pipeline/recipes/encode.ts";
import { planRecipe } from "../../../pipeline/recipes/plan-recipe.ts";
import { recipeOptionsSchema } from "../../../pipeline/recipes/schema.ts";
import { systemPreset } from "../../../pipeline/transcoder/system-presets.ts";
import { contextOf, drive, probeOf, soundOf, videoOf } from "./plan-context.ts";

describe("the length of a source", () => {
  const probe = probeOf({ video: videoOf({ durationSeconds: 8 }), audio: soundOf({ durationSeconds: 9 }) });

  it("is each stream's own, the longer of both together", () => {
    expect({
      pictureSeconds: pictureSeconds(probe),
      soundSeconds: soundSeconds(probe),
      mediaSeconds: mediaSeconds(probe),
    }).to.deep.equal({ pictureSeconds: 8, soundSeconds: 9, mediaSeconds: 9 });
    expect(mediaSeconds({ ...probe, audio: undefined })).to.equal(8);
    expect(mediaSeconds({ ...probe, video: undefined })).to.equal(9);
  });

  it("is the file's where a stream does not say, and unknown where neither does", () => {
    expect({
      pictureSeconds: pictureSeconds(probeOf()),
      soundSeconds: soundSeconds(probeOf()),
      mediaSeconds: mediaSeconds(probeOf()),
    }).to.deep.equal({ pictureSeconds: 10, soundSeconds: 10, mediaSeconds: 10 });
    expect(mediaSeconds(probeOf({ durationSeconds: undefined }))).to.equal(undefined);
  });
});

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
    const preset = systemPreset("1351620000001-300040");
    if (preset === undefined) throw new Error("There is no preset MP3.");
    const capabilities = { ...contextOf(probeOf()).capabilities, encoders: new Set(["libmp3lame"]) };
    const output = { key: "out", preset, rotate: "auto" } as const;
    const { outputs } = drive(
      planRecipe({ name: "transcode", outputs: [output] }, contextOf(probeOf(), { capabilities })),
    );

    expect(outputs[0]?.expect?.audio).to.deep.equal({ codec: "mp3" });
  });
});
