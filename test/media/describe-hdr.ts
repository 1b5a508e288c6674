import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import type { ProducedFile } from "../e2e/drive-plan.ts";
import { type MediaPrograms, packagedPrograms } from "../e2e/media-programs.ts";
import type { Color } from "../e2e/pixels.ts";
import { catchJobFailure, createRecipeBench } from "../e2e/recipe-bench.ts";
import { markAsDolbyVision } from "./inputs/dolby-vision.ts";
import { type Light, makeHdrClip, referenceWhiteNits } from "./inputs/hdr-clips.ts";
import { measureColorError, readColors, readColorTags } from "./measure/colors.ts";

/** A gray card of 26 cd/m², reference white, and skin (BT.2408, table 1; 2.5), which the curve leaves as they are. */
const midGray: Light = [26 / referenceWhiteNits, 26 / referenceWhiteNits, 26 / referenceWhiteNits];
const lightSkin: Light = [0.45, 0.27, 0.19];
const darkSkin: Light = [0.16, 0.08, 0.05];
const highlight: Light = [1000 / referenceWhiteNits, 1000 / referenceWhiteNits, 1000 / referenceWhiteNits];
const saturated: readonly Light[] = [
  [0.45, 0.05, 0.05],
  [0.05, 0.45, 0.1],
  [0.05, 0.08, 0.45],
];
const patches: readonly Light[] = [midGray, [1, 1, 1], highlight, lightSkin, darkSkin, ...saturated];
const points = patches.map((_, index) => [(index + 0.5) / patches.length, 0.5] as const);

/** SDR signal of light up to reference white on a display of BT.1886. */
const encodeSdr = (light: Light): Color => {
  const encode = (value: number) => 255 * value ** (1 / 2.4);
  return [encode(light[0]), encode(light[1]), encode(light[2])];
};

/** What HDR becomes in every recipe. @param colorTolerance of saturated colors in HLG, of 255 */
export const describeHdr = (programs: MediaPrograms, hlgTolerance: number): void => {
  const bench = createRecipeBench(programs);
  const expectPatches = async ({ path, key }: ProducedFile, isHlg: boolean): Promise<void> => {
    const colors = await readColors(programs, path, points);
    const text = `${key}: ${colors.map((color) => color.map(Math.round).join(",")).join(" ")}`;
    const [gray, white, peak, ...others] = colors;
    const expectNear = (color: Color | undefined, expected: Color, tolerance: number) =>
      expect(measureColorError([color ?? [0, 0, 0]], [expected]), text).to.be.at.most(tolerance);

    expectNear(gray, encodeSdr(midGray), 3);
    expectNear(white, [227, 227, 227], 4);
    expectNear(peak, [252, 252, 252], 4);
    for (const [index, light] of [lightSkin, darkSkin].entries())
      expectNear(others[index], encodeSdr(light), isHlg ? Math.min(hlgTolerance, 9) : 3);
    for (const [index, light] of saturated.entries())
      expectNear(others[index + 2], encodeSdr(light), isHlg ? hlgTolerance : 4);
  };
  const expectSdrVideo = async (file: ProducedFile, isHlg: boolean): Promise<void> => {
    expect(await readColorTags(programs, file.path)).to.deep.equal({
      range: "tv",
      matrix: "bt709",
      transfer: "bt709",
      primaries: "bt709",
    });
    expect(file.probe?.video?.pixelFormat).to.equal("yuv420p");
    await expectPatches(file, isHlg);
  };

  describe(`HDR, with ${programs.build}`, function () {
    this.timeout(120_000);
    before(async () => {
      await bench.openAll();
      for (const transfer of ["pq", "hlg"] as const) {
        const path = await makeHdrClip(packagedPrograms(), bench.folder(), `${transfer}.mp4`, {
          patches,
          transfer,
        });
        await writeFile(
          join(bench.folder(), `dolby-${transfer}.mp4`),
          markAsDolbyVision(await readFile(path), 8, transfer === "pq" ? 1 : 4),
        );
      }
      const pq = await readFile(join(bench.folder(), "pq.mp4"));
      await writeFile(join(bench.folder(), "dolby-5.mp4"), markAsDolbyVision(pq, 5, 0));
    });
    after(() => bench.close());

    for (const [clip, isHlg, profile] of [
      ["pq.mp4", false, undefined],
      ["hlg.mp4", true, undefined],
      ["dolby-pq.mp4", false, { profile: 8, compatibilityId: 1 }],
      ["dolby-hlg.mp4", true, { profile: 8, compatibilityId: 4 }],
    ] as const)
      it(`becomes SDR with the brightness and hues of ${clip}`, async () => {
        const probe = await programs.probe(join(bench.folder(), clip), ["mov"]);
        expect(probe.video?.dolbyVision).to.deep.equal(profile);
        await expectPatches(await bench.makeOne({ name: "thumbnail", at: { seconds: 0 } }, clip), isHlg);
        await expectSdrVideo(await bench.makeOne({ name: "clip", durationSeconds: 0.2 }, clip), isHlg);
        if (profile !== undefined) return;
        await expectSdrVideo(await bench.makeOne({ name: "watermark", scale: 0.02 }, clip), isHlg);
        await expectSdrVideo(await bench.transcode(clip), isHlg);
        for (const file of await bench.make({ name: "frames" }, clip)) await expectPatches(file, isHlg);
        for (const file of await bench.make({ name: "ladder", heights: [64] }, clip)) {
          if (/\.jpg$/.test(file.key)) await expectPatches(file, isHlg);
          if (/\.mp4$/.test(file.key)) await expectSdrVideo(file, isHlg);
        }
      });

    it("is rejected with 4000 in Dolby Vision profile 5", async () => {
      const failure = await catchJobFailure(bench.make({ name: "ladder" }, "dolby-5.mp4"));

      expect(failure.code).to.equal(4000);
      expect(failure.message).to.match(/Dolby Vision profile 5.*HDR10, HLG or SDR/);
    });
  });
};
