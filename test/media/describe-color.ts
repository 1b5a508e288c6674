import { expect } from "chai";
import type { ProducedFile } from "../e2e/drive-plan.ts";
import { type MediaPrograms, packagedPrograms } from "../e2e/media-programs.ts";
import { createRecipeBench } from "../e2e/recipe-bench.ts";
import { type colorClips, makeColorClip } from "./inputs/color-clips.ts";
import { barColors, barPoints, measureColorError, readColors, readColorTags } from "./measure/colors.ts";

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
  });
};
