import { join } from "node:path";
import { expect } from "chai";
import type { Preset } from "../../pipeline/elastic-transcoder/presets/preset.ts";
import { findSystemPreset } from "../../pipeline/elastic-transcoder/presets/system-presets.ts";
import type { Recipe } from "../../pipeline/recipes/recipe.ts";
import { drivePlan, type ProducedFile } from "../e2e/drive-plan.ts";
import { type MediaPrograms, packagedPrograms } from "../e2e/media-programs.ts";
import type { Color } from "../e2e/pixels.ts";
import { createRecipeBench } from "../e2e/recipe-bench.ts";
import { type colorClips, makeColorClip } from "./inputs/color-clips.ts";
import { buildGraphInput } from "./inputs/graphs.ts";
import { barColors, barPoints, measureColorError, readColors, readColorTags } from "./measure/colors.ts";

const getPreset = (id: string): Preset => {
  const preset = findSystemPreset(id);
  if (preset === undefined) throw new Error(`There is no preset ${id}.`);
  return { ...preset, Audio: undefined, Thumbnails: { ...preset.Thumbnails, Format: "jpg", Interval: "60" } };
};
/** WebM with VP8 and VP9, animated GIF, Flash Video. */
const jobOutputs = [
  { format: "vp8", preset: getPreset("1351620000001-100240") },
  { format: "vp9", preset: getPreset("1351620000001-100260") },
  { format: "gif", preset: getPreset("1351620000001-100200") },
  { format: "flv", preset: getPreset("1351620000001-100210") },
];

/** A watermark in the bottom right corner, where no bar is measured. */
const markOptions = { name: "watermark", scale: 0.05 };

/** Color of known bars after every recipe. */
export const describeColor = (programs: MediaPrograms, clips: readonly (keyof typeof colorClips)[]): void => {
  const bench = createRecipeBench(programs);
  const expectBars = async ({ path, key }: ProducedFile): Promise<void> => {
    const colors = await readColors(programs, path, barPoints);
    const error = measureColorError(colors, barColors);
    expect(
      error,
      `${key}: ${colors.map((color) => color.map(Math.round).join(",")).join(" ")}`,
    ).to.be.at.most(3);
  };
  const expectVideo = async (file: ProducedFile): Promise<void> => {
    const { range, matrix, transfer, primaries } = await readColorTags(programs, file.path);
    expect(range).to.equal("tv");
    expect(`${matrix} ${transfer}`).to.match(/^(bt709 bt709|smpte170m smpte170m)$/);
    expect(primaries).to.match(/^(bt709|smpte170m|bt470bg)$/);
    await expectBars(file);
  };
  const find = (files: readonly ProducedFile[], pattern: RegExp): readonly ProducedFile[] =>
    files.filter(({ key }) => pattern.test(key));

  describe(`color, with ${programs.build}`, function () {
    this.timeout(120_000);
    before(async () => {
      await bench.openAll();
    });
    after(() => bench.close());

    for (const clip of clips)
      it(`keeps the bars of ${clip}`, async () => {
        await makeColorClip(packagedPrograms(), bench.folder(), clip);
        const ladder = await bench.make({ name: "ladder", heights: [720, 360] }, clip);
        await expectBars(await bench.makeOne({ name: "thumbnail", at: { seconds: 0 } }, clip));
        for (const file of await bench.make({ name: "frames" }, clip)) await expectBars(file);
        for (const file of find(ladder, /poster\.jpg$|sprite\.jpg$/)) await expectBars(file);
        for (const file of find(ladder, /rendition-\d\.mp4$/)) await expectVideo(file);
        await expectVideo(await bench.makeOne(markOptions, clip));
        await expectVideo(await bench.makeOne({ name: "clip", durationSeconds: 0.2 }, clip));
        await expectVideo(await bench.transcode(clip));
      });

    it("keeps the bars in every codec of a transcoder job and in its thumbnails", async () => {
      for (const { preset, format } of jobOutputs) {
        const recipe: Recipe = {
          name: "transcode",
          outputs: [{ key: "out", preset, rotate: "auto", thumbnailPattern: "thumbnail-{count}" }],
        };
        const url = bench.server().url(clips[0] ?? "");
        const run = { recipe, url, outputKeys: ["out"], folder: bench.folder() };
        for (const file of await drivePlan(programs, run))
          await (file.key === "out" && format !== "gif" ? expectVideo(file) : expectBars(file));
      }
    });

    for (const mark of ["mark.png", "mark.jpg"])
      it(`keeps the color of ${mark} over a video of either matrix`, async () => {
        const color: Color = [0xc0, 0x30, 0x20];
        await packagedPrograms().ffmpeg([
          ...buildGraphInput("color=0xc03020:s=1280x720,format=rgb24"),
          ...["-frames:v", "1", "-q:v", "1"],
          ...(mark.endsWith("jpg")
            ? ["-vf", "scale=out_color_matrix=bt601:out_range=pc,format=yuvj444p"]
            : []),
          join(bench.folder(), mark),
        ]);
        for (const clip of ["untagged.mkv", "untagged-sd.mkv"] as const) {
          await makeColorClip(packagedPrograms(), bench.folder(), clip);
          const options = { name: "watermark", scale: 0.4, opacity: 1, position: "center" };
          const { path } = await bench.makeOne(options, clip, mark);
          const error = measureColorError(await readColors(programs, path, [[0.5, 0.5]]), [color]);
          expect(error, clip).to.be.at.most(3);
        }
      });
  });
};
