import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { findSystemPreset } from "../../pipeline/elastic-transcoder/presets/system-presets.ts";
import { buildAudioFilters } from "../../pipeline/encoding/audio-filters.ts";
import type { FfmpegStep } from "../../pipeline/encoding/plan.ts";
import type { Recipe } from "../../pipeline/recipes/recipe.ts";
import { recipeOptionsSchema } from "../../pipeline/recipes/schema.ts";
import { drivePlan } from "../e2e/drive-plan.ts";
import { type FileServer, serveFiles } from "../e2e/file-server.ts";
import { type MediaPrograms, packagedPrograms } from "../e2e/media-programs.ts";
import { audioOf } from "../pipeline/recipes/plan-context.ts";
import { fullScaleKinds } from "./inputs/full-scale.ts";
import { buildGraphInput } from "./inputs/graphs.ts";
import { buildMusicInput } from "./inputs/music.ts";
import { type Loudness, measureLoudness } from "./measure/loudness.ts";

const seconds = 3;
const layouts: Readonly<Record<string, string>> = {
  mono: "pan=mono|c0=c0",
  stereo: "anull",
  "5.1": "pan=5.1|FL=c0|FR=c1|FC=c0|LFE=c1|BL=c0|BR=c1",
};

const buildRecipe = (options: object): Recipe => {
  const recipe = recipeOptionsSchema.parse(options);
  if (recipe.name === "transcode") throw new Error("not a recipe with options");
  return recipe;
};
const buildJob = (preset: string, parameters: object = {}): Recipe => {
  const found = findSystemPreset(`1351620000001-${preset}`);
  if (found?.Audio === undefined) throw new Error(`There is no preset ${preset} with audio.`);
  const changedPreset = { ...found, Audio: { ...found.Audio, ...parameters } };
  return { name: "transcode", outputs: [{ key: "out", preset: changedPreset, rotate: "auto" }] };
};
const buildAudio = (bitRateKbps: number) =>
  buildRecipe({ name: "audio", bitRateKbps, normalizeLoudness: false });

const ladder = buildRecipe({ name: "ladder", heights: [180] });

/** Recipes with a limiter, by what a test's title says. */
const musicRecipes: Readonly<Record<string, Recipe>> = {
  "ladder, AAC at 128 kbit/s": ladder,
  "clip, AAC at 160 kbit/s": buildRecipe({ name: "clip", durationSeconds: 60 }),
  "job, MP3 at 128 kbit/s": buildJob("300040"),
  "audio, AAC at 128 kbit/s": buildAudio(128),
  "job, AAC at 160 kbit/s": buildJob("100070"),
  "job, AAC with the source's channels": buildJob("100120", { Channels: "auto", BitRate: "320" }),
  "job, MP3 at 320 kbit/s": buildJob("300010"),
};

/**
 * True peaks of encoded audio from sources at full scale and loud music, and audio below the limiter's ceiling.
 *
 * @param isComplete every kind, layout, sample rate and codec; else a sample
 */
export const describePeaks = (programs: MediaPrograms, isComplete: boolean): void => {
  describe(`true peaks with ${programs.build}`, function () {
    this.timeout(240_000);
    let folder = "";
    let server: FileServer | undefined;
    const kinds = Object.keys(fullScaleKinds);
    const sources = kinds.flatMap((kind) =>
      Object.keys(layouts).flatMap((layout) =>
        (isComplete && layout === "stereo" ? [48_000, 44_100] : [48_000]).map((sampleRate) => ({
          kind,
          layout,
          sampleRate,
          name: `${kind.replaceAll(" ", "-")}-${layout}-${sampleRate}.flac`,
        })),
      ),
    );
    const selectedSources = isComplete
      ? sources
      : sources.filter(
          ({ kind, layout }) => (kind === "clipped music") === (layout === "mono") || layout === "stereo",
        );
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "reelway-peaks-"));
      for (const { kind, layout, sampleRate, name } of selectedSources) {
        const input = fullScaleKinds[kind]?.(sampleRate, seconds) ?? [];
        await packagedPrograms().ffmpeg([
          ...[...input, "-af", layouts[layout] ?? "anull", "-sample_fmt", "s16", join(folder, name)],
        ]);
      }
      const music = [...buildMusicInput(48_000, 8), "-sample_fmt", "s16"];
      await packagedPrograms().ffmpeg([...music, join(folder, "music.flac")]);
      server = await serveFiles(folder);
    });
    after(async () => {
      await server?.close();
      await rm(folder, { recursive: true, force: true });
    });

    const measure = async (
      recipe: Recipe,
      name: string,
      onRun?: (step: FfmpegStep) => void,
    ): Promise<Loudness> => {
      const outputs = await drivePlan(programs, {
        recipe,
        url: server?.url(name) ?? "",
        outputKeys: [recipe.name === "ladder" ? "out/" : "out"],
        folder,
        ...(onRun === undefined ? {} : { onRun }),
      });
      const output = outputs.find(({ probe }) => probe?.audio !== undefined);
      if (output === undefined) throw new Error(`${name} has no output with audio.`);
      expect(output.problems, name).to.deep.equal([]);
      return measureLoudness(programs, output.path);
    };
    const measurePeak = async (recipe: Recipe, name: string): Promise<number> =>
      (await measure(recipe, name)).truePeakDbtp;

    it("stay at full scale in a ladder, whatever its source", async () => {
      for (const { name } of selectedSources)
        expect(await measurePeak(ladder, name), name).to.be.within(-20, 0);
    });

    for (const [title, recipe] of Object.entries(musicRecipes).slice(0, isComplete ? undefined : 3))
      it(`of loud music stay at full scale in ${title}, and lose at most 1.8 dB`, async () => {
        const source = await measureLoudness(programs, join(folder, "music.flac"));
        expect(source.integratedLufs).to.be.closeTo(-9, 0.4);
        expect(source.truePeakDbtp).to.be.within(0.2, 0.6);

        expect(await measurePeak(recipe, "music.flac")).to.be.within(source.truePeakDbtp - 1.8, 0);
      });

    it("of loud music cost at most 0.3 LU in a ladder, which encodes it once", async () => {
      const runs: string[] = [];
      const result = await measure(ladder, "music.flac", ({ phase }) => runs.push(phase));
      const source = await measureLoudness(programs, join(folder, "music.flac"));

      expect(result.integratedLufs).to.be.closeTo(source.integratedLufs, 0.3);
      expect(runs).to.deep.equal(["encoding renditions", "checking loudness"]);
    });

    it("stay at -1.5 dBTP in each rendition of a normalized ladder", async () => {
      const recipe = buildRecipe({ name: "ladder", heights: [180], normalizeLoudness: true });
      for (const { name } of isComplete ? sources : selectedSources.slice(-3))
        expect(await measurePeak(recipe, name), name).to.be.within(-30, -1.5);
    });

    it("are not changed below the ceiling: the samples are the same", async () => {
      for (const [channels, layout, sampleRate] of [
        [1, "mono", 22_050],
        [2, "stereo", 48_000],
        [2, "stereo", 44_100],
        [6, "5.1", 48_000],
      ] as const) {
        const track = audioOf({ channels, channelLayout: layout, sampleRate });
        const source = buildGraphInput(`anoisesrc=d=1.2345:c=white:r=${sampleRate}:a=0.2:seed=9`);
        const spread = `pan=${layout}|${Array.from({ length: channels }, (_, index) => `c${index}=${1 - index / 10}*c0`).join("|")}`;
        const read = (ceilingDbtp?: number) => {
          const options = { channels, sampleRate, ...(ceilingDbtp === undefined ? {} : { ceilingDbtp }) };
          return programs.ffmpegOutput([
            ...[...source, "-af", `${spread},${buildAudioFilters([track], options)}`],
            ...["-c:a", "pcm_f32le", "-f", "f32le", "-"],
          ]);
        };
        const [limited, original] = [await read(-5.5), await read()];

        expect(original.length, layout).to.be.greaterThan(4 * channels * sampleRate);
        expect(limited.equals(original), `${layout}, ${sampleRate} Hz`).to.equal(true);
      }
    });

    it("keep the timestamps of audio that starts late", async () => {
      const track = audioOf({ channels: 2, channelLayout: "stereo", sampleRate: 48_000 });
      const filters = buildAudioFilters([track], { ceilingDbtp: -6 });
      const log = await programs.ffmpeg([
        ...buildGraphInput("sine=440:d=1:r=48000"),
        ...["-af", `aformat=channel_layouts=stereo,asetpts=PTS+0.014/TB,${filters},ashowinfo`],
        ...["-f", "null", "-"],
      ]);

      expect(/n:0 .*?pts_time:([\d.]+)/.exec(log)?.[1]).to.equal("0.014");
    });

    it("are limited where they exceed it, and only there", async () => {
      // 0.3 s of full scale in a quiet tone, 1.7 s before its end.
      const level = "if(between(t,1,1.3),1,0.2)";
      const graph = buildGraphInput(`aevalsrc='${level}*sin(2*PI*997*t)':s=48000:d=3`);
      const track = audioOf({ channels: 1, channelLayout: "mono", sampleRate: 48_000 });
      const options = { channels: 1, ceilingDbtp: -6 } as const;
      const output = await programs.ffmpegOutput([
        ...[...graph, "-af", buildAudioFilters([track], options), "-c:a", "pcm_f32le", "-f", "f32le", "-"],
      ]);
      const samples = new Float32Array(Uint8Array.from(output).buffer);
      const getPeak = (from: number, to: number) =>
        20 * Math.log10(Math.max(...samples.subarray(from * 48_000, to * 48_000).map(Math.abs)));

      expect(samples).to.have.length(3 * 48_000);
      expect(getPeak(0, 0.99)).to.be.closeTo(-14, 0.05);
      expect(getPeak(1, 1.3)).to.be.closeTo(-6, 0.1);
      expect(getPeak(2, 3)).to.be.closeTo(-14, 0.05);
    });
  });
};
