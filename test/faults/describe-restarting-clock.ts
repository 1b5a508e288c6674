import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { findSystemPreset } from "../../pipeline/elastic-transcoder/presets/system-presets.ts";
import type { Recipe } from "../../pipeline/recipes/recipe.ts";
import { type HostileBench, openHostileBench } from "./hostile-bench.ts";

/** Two recordings of 20 s in one MPEG-TS, whose header is that of one. */
export const describeRestartingClock = (searchPath: string): void => {
  describe(`an MPEG-TS of two recordings with ${searchPath === "" ? "the packaged ffmpeg" : "Debian's ffmpeg"}`, function () {
    this.timeout(60_000);
    let bench: HostileBench;
    before(async () => {
      bench = await openHostileBench(searchPath);
      const path = join(bench.folder, "recording.ts");
      await bench.makeMedia(
        ..."-f lavfi -i testsrc2=s=160x90:r=25:d=20 -f lavfi -i sine=d=20".split(" "),
        ..."-c:v libx264 -preset ultrafast -g 25 -c:a aac".split(" "),
        path,
      );
      const recording = await readFile(path);
      await writeFile(join(bench.folder, "two.ts"), Buffer.concat([recording, recording]));
      await bench.upload("two.ts");
    });
    after(() => bench.close());

    const measure = async (recipe: Recipe): Promise<readonly number[]> => {
      const { failure, durationsSeconds } = await bench.attempt(recipe, "two.ts", { outputKeys: ["a.mp4"] });
      expect(failure).to.equal(undefined);
      return durationsSeconds;
    };

    for (const [seconds, durationSeconds, position] of [
      [12, 4, "within the declared half"],
      [18, 4, "across the declared end"],
      [26, 2, "after the declared end"],
    ] as const) {
      it(`has a whole clip ${position}`, async () => {
        const [duration] = await measure({ name: "clip", start: { seconds }, durationSeconds });

        expect(duration).to.be.closeTo(durationSeconds, 0.1);
      });

      it(`has a whole clip of a transcoder job ${position}`, async () => {
        const preset = findSystemPreset("1351620000001-100070");
        if (preset === undefined) throw new Error("The preset Web does not exist.");
        const clip = { startSeconds: seconds, durationSeconds };
        const [duration] = await measure({
          name: "transcode",
          outputs: [{ key: "a.mp4", preset, rotate: "auto", clip }],
        });

        expect(duration).to.be.closeTo(durationSeconds, 0.1);
      });
    }
  });
};
