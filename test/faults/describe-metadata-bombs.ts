import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { exifBlock, pngWithExif } from "../e2e/exif-files.ts";
import type { MediaPrograms } from "../e2e/media-programs.ts";
import { profileBomb, textBomb } from "./bomb.ts";
import { measurePeakMemory } from "./peak-memory.ts";
import { type Bench, makeMedia, noLeftovers, openBench } from "./worker-bench.ts";

/** MB that the worker and its children may hold together. */
const allowed = 450;

/** PNGs with metadata that unpacks to gigabytes: the worker processes their pixels. */
export const describeMetadataBombs = ({ build, paths }: MediaPrograms): void => {
  describe(`PNG metadata bombs (${build})`, function () {
    this.timeout(240_000);
    let bench: Bench;
    const files: Record<string, string> = {};

    before(async () => {
      bench = await openBench();
      const write = async (name: string, bytes: Buffer) => {
        files[name] = join(bench.root, name);
        await writeFile(files[name], bytes);
      };
      const plain = join(bench.root, "plain.png");
      makeMedia("-f", "lavfi", "-i", "testsrc=s=64x48", "-frames:v", "1", plain);
      const png = await readFile(plain);
      await write("text.png", textBomb(png, 2000, 3));
      await write("profile.png", profileBomb(pngWithExif(png, exifBlock(6)), 3000));
      files["clip.mp4"] = join(bench.root, "clip.mp4");
      makeMedia(..."-f lavfi -i testsrc=s=320x180:r=25:d=1 -c:v libx264".split(" "), files["clip.mp4"]);
      await bench.put("watermarks/bomb.png", files["text.png"] ?? "");
    });
    after(() => bench.close());

    const expectOutput = async (route: string, key: string, name: string, metadata = {}) => {
      const job = await bench.upload(route, key, files[name] ?? "", metadata);
      const worker = bench.start(job, { FFMPEG_PATH: paths.ffmpeg, FFPROBE_PATH: paths.ffprobe });
      const peak = await measurePeakMemory(worker);
      const result = await bench.finish(job, worker);

      expect({ status: result.job.status, error: result.job.error }, worker.log()).to.deep.equal({
        status: "Complete",
        error: null,
      });
      expect(peak).to.be.within(1, allowed);
      expect({ ...result.leftovers, outputs: [] }).to.deep.equal(noLeftovers);
      return result.job.outputs.map(({ width, height }) => [width, height]);
    };

    it("in text chunks do not change the image", async () => {
      expect(await expectOutput("images", "images/text.png", "text.png")).to.deep.equal([
        [64, 48],
        [64, 48],
      ]);
    });

    it("in a color profile do not change the image, which is upright by its EXIF orientation", async () => {
      expect(await expectOutput("images", "images/profile.png", "profile.png")).to.deep.equal([
        [48, 64],
        [48, 64],
      ]);
    });

    it("in a watermark do not change the video", async () => {
      const sizes = await expectOutput("watermarks", "unprocessed-videos/marked.mp4", "clip.mp4", {
        watermark: "watermarks/bomb.png",
      });

      expect(sizes).to.deep.equal([[320, 180]]);
    });
  });
};
