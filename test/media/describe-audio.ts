import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { findSystemPreset } from "../../pipeline/elastic-transcoder/presets/system-presets.ts";
import type { Recipe } from "../../pipeline/recipes/recipe.ts";
import { recipeOptionsSchema } from "../../pipeline/recipes/schema.ts";
import { drivePlan, type ProducedFile } from "../e2e/drive-plan.ts";
import { type FileServer, serveFiles } from "../e2e/file-server.ts";
import { type MediaPrograms, packagedPrograms } from "../e2e/media-programs.ts";
import { makeAudioSources } from "./inputs/audio-sources.ts";
import { findBeepSeconds } from "./measure/beeps.ts";
import { decodeAudio } from "./measure/decoded-audio.ts";
import { measureLoudness } from "./measure/loudness.ts";
import { listToneFrequencies, measureToneLevels } from "./measure/tones.ts";

/** Recipes whose outputs have audio, by name. */
const recipeOptions: Readonly<Record<string, object>> = {
  audio: { name: "audio" },
  clip: { name: "clip", durationSeconds: 60 },
  watermark: { name: "watermark" },
  ladder: { name: "ladder", heights: [180] },
};
const buildRecipe = (name: string): Recipe => {
  if (name === "transcode") {
    const preset = findSystemPreset("1351620000001-100070");
    if (preset === undefined) throw new Error("The preset Web does not exist.");
    return { name: "transcode", outputs: [{ key: "out", preset, rotate: "auto" }] };
  }
  const recipe = recipeOptionsSchema.parse(recipeOptions[name]);
  if (recipe.name === "transcode") throw new Error(`${name} is not a recipe with options.`);
  return recipe;
};

/**
 * Audio of every recipe: loudness, mix, tracks and timing, measured on the decoded outputs.
 *
 * @param isComplete every layout and every recipe; else a sample
 */
export const describeAudio = (programs: MediaPrograms, isComplete: boolean): void => {
  describe(`audio with ${programs.build}`, function () {
    this.timeout(60_000);
    let folder = "";
    let server: FileServer | undefined;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "reelway-audio-"));
      await makeAudioSources(packagedPrograms(), folder);
      server = await serveFiles(folder);
    });
    after(async () => {
      await server?.close();
      await rm(folder, { recursive: true, force: true });
    });

    /** The output with audio. */
    const make = async (recipe: Recipe, name: string): Promise<ProducedFile> => {
      const outputs = await drivePlan(programs, {
        recipe,
        url: server?.url(name) ?? "",
        outputKeys: [recipe.name === "ladder" ? "out/" : "out"],
        folder,
        watermarkUrl: server?.url("mark.png"),
      });
      const output = outputs.find(({ probe }) => probe?.audio !== undefined);
      if (output === undefined) throw new Error(`${name} has no output with audio.`);
      expect(output.problems, name).to.deep.equal([]);
      return output;
    };
    const select = (...names: readonly string[]) => (isComplete ? names : names.slice(0, 2));

    for (const name of select(
      "noise-5.1.flac",
      "peaks.flac",
      "noise-mono.flac",
      "noise-4.0.flac",
      "noise-7.1.wav",
      "noise-unknown-10.wav",
      "noise-quiet.flac",
      "short.flac",
    ))
      it(`normalizes ${name} to -16 LUFS, with peaks up to -1.5 dBTP`, async () => {
        const { path } = await make(buildRecipe("audio"), name);
        const { integratedLufs, truePeakDbtp } = await measureLoudness(programs, path);

        expect(integratedLufs).to.be.closeTo(-16, 1);
        expect(truePeakDbtp).to.be.at.most(-1.5);
      });

    it("normalizes a ladder's audio if its option says so", async () => {
      for (const name of isComplete ? ["noise-5.1.flac", "peaks.flac", "mono-pair.mxf"] : ["peaks.flac"]) {
        const options = { name: "ladder", heights: [180], normalizeLoudness: true };
        const recipe = recipeOptionsSchema.parse(options);
        if (recipe.name !== "ladder") throw new Error("not a ladder");
        const { path } = await make(recipe, name);
        const { integratedLufs, truePeakDbtp } = await measureLoudness(programs, path);

        expect(integratedLufs, name).to.be.closeTo(-16, 1);
        expect(truePeakDbtp, name).to.be.at.most(-1.5);
      }
    });

    it("does not amplify silence, and keeps the level of a sound shorter than the meter needs", async () => {
      const silence = await make(buildRecipe("audio"), "silence.flac");
      const tick = await make(buildRecipe("audio"), "tick.flac");

      expect((await measureLoudness(programs, silence.path)).truePeakDbtp).to.be.lessThan(-90);
      const [[level = 0] = []] = measureToneLevels(
        await decodeAudio(programs, tick.path),
        [1000],
        [0.05, 0.15],
      );
      expect(level).to.be.closeTo(-18, 1);
    });

    it("never exceeds full scale after a downmix for a ladder", async () => {
      const { path } = await make(buildRecipe("ladder"), "loud-5.1.flac");
      const { truePeakDbtp } = await measureLoudness(programs, path);

      expect(truePeakDbtp).to.be.within(-6, 0);
    });

    for (const name of select("tones-5.1.flac", "tones-unknown-6.wav"))
      it(`mixes ${name} by BT.775, without LFE`, async () => {
        const { path } = await make(buildRecipe("clip"), name);
        const levels = measureToneLevels(await decodeAudio(programs, path), [300, 500, 700, 900, 1100, 60]);
        const expected = [
          [-26, undefined, -29, -29, undefined, undefined],
          [undefined, -26, -29, undefined, -29, undefined],
        ];

        for (const [channel, values] of expected.entries())
          for (const [index, value] of values.entries()) {
            const level = levels[channel]?.[index] ?? 0;
            const message = `channel ${channel}, tone ${index}`;
            if (value === undefined) expect(level, message).to.be.lessThan(-70);
            else expect(level, message).to.be.closeTo(value, 0.3);
          }
      });

    for (const [name, tones] of [
      ["default-track.mkv", [[900], [900]]],
      ["mono-pair.mxf", [[300], [900]]],
    ] as const)
      it(`uses the right tracks of ${name}`, async () => {
        const recipes = ["audio", "transcode", "clip", "watermark", "ladder"];
        for (const recipe of isComplete ? recipes : recipes.slice(0, 2)) {
          const { path } = await make(buildRecipe(recipe), name);

          expect(listToneFrequencies(await decodeAudio(programs, path), [300, 900]), recipe).to.deep.equal(
            tones,
          );
        }
      });

    it("makes two mono tracks stereo in a transcoder job, whatever their container", async () => {
      const { path } = await make(buildRecipe("transcode"), "mono-pair.mkv");

      expect(listToneFrequencies(await decodeAudio(programs, path), [300, 900])).to.deep.equal([
        [300],
        [900],
      ]);
    });

    for (const name of select("late.mkv", "late.ts", "late.mp4"))
      it(`keeps audio of ${name} in its place`, async () => {
        const recipes = ["audio", "ladder", "transcode", "clip", "watermark"];
        for (const recipe of isComplete ? recipes : recipes.slice(0, 3)) {
          const { path } = await make(buildRecipe(recipe), name);
          const isAbsolute = recipe === "ladder";
          const audio = await decodeAudio(programs, path, { isAbsolute });
          const [beep, ...others] = findBeepSeconds(audio);

          expect(others, recipe).to.deep.equal([]);
          expect(beep, recipe).to.be.closeTo(3, 0.02);
          expect(audio.startSeconds, recipe).to.be.closeTo(0, 0.022);
          expect(audio.endSeconds, recipe).to.be.closeTo(4, 0.05);
        }
      });

    it("keeps late audio in its place in a clip that starts before or after it", async () => {
      for (const seconds of [0.5, 2]) {
        const clip = { name: "clip", start: { seconds }, durationSeconds: 60 } as const;
        const { path } = await make(clip, "late.mkv");

        const beeps = findBeepSeconds(await decodeAudio(programs, path));
        expect(beeps, `${seconds} s`).to.have.length(1);
        expect(beeps[0], `${seconds} s`).to.be.closeTo(3 - seconds, 0.02);
      }
    });

    it("keeps audio in sync after a gap and when its channels change", async () => {
      const gap = await make(buildRecipe("audio"), "gap.mkv");
      const change = await make(buildRecipe("audio"), "late-change.ts");
      const limited = await make(buildRecipe("clip"), "late-change.ts");
      const audio = await decodeAudio(programs, change.path);

      for (const [index, beep] of findBeepSeconds(await decodeAudio(programs, gap.path)).entries())
        expect(beep, "gap").to.be.closeTo([1, 3][index] ?? -1, 0.02);
      expect(audio.endSeconds).to.be.closeTo(4, 0.1);
      expect((await decodeAudio(programs, limited.path)).endSeconds).to.be.closeTo(4, 0.1);
      expect(
        measureToneLevels(audio, [440], [0.1, 0.9])
          .flat()
          .every((level) => level < -60),
      ).to.equal(true);
      expect(listToneFrequencies({ ...audio, startSeconds: 0.6, endSeconds: 2.4 }, [440, 880])).to.deep.equal(
        [[440], [440]],
      );
      expect(listToneFrequencies({ ...audio, startSeconds: 1.7, endSeconds: 4.3 }, [440, 880])).to.deep.equal(
        [[880], [880]],
      );
    });

    it("does not interrupt a tone whose timestamps are rounded", async () => {
      for (const name of ["tone.flv", "tone.webm"]) {
        const { path } = await make(buildRecipe("clip"), name);
        const audio = await decodeAudio(programs, path);

        for (let seconds = 0.2; seconds < 3.7; seconds += 0.01) {
          const [[level] = []] = measureToneLevels(audio, [1000], [seconds, seconds + 0.01]);
          expect(level, `${name} at ${seconds.toFixed(2)} s`).to.be.closeTo(-18, 1);
        }
      }
    });
  });
};
