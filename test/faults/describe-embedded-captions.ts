import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import type { Recipe } from "../../pipeline/recipes/recipe.ts";
import { recipeOptionsSchema } from "../../pipeline/recipes/schema.ts";
import { type HostileBench, openHostileBench } from "./hostile-bench.ts";

/** CEA-608 in the first field: resume caption loading, then "Hi", as ATSC A/53 part 4 stores it (6.2.3). */
const captionBytes = [0xfc, 0x94, 0x20, 0xfc, 0x94, 0x20, 0xfc, 0xc8, 0xe9];
/** User data that is registered by ITU-T T.35 (H.264, D.1.6) for ATSC: the identifier GA94, type 3. */
const userData = [
  ...[0xb5, 0x00, 0x31, 0x47, 0x41, 0x39, 0x34, 0x03],
  ...[0xc0 | (captionBytes.length / 3), 0xff, ...captionBytes, 0xff],
];
const seiUnit = Buffer.from([0, 0, 0, 1, 6, 4, userData.length, ...userData, 0x80]);

/** Inserts captions before each picture of an H.264 byte stream with one slice a picture. */
const insertCaptions = (stream: Buffer): Buffer => {
  const parts: Buffer[] = [];
  let end = 0;
  for (let at = stream.indexOf("\0\0\x01"); at >= 0; at = stream.indexOf("\0\0\x01", at + 3)) {
    const unitType = (stream[at + 3] ?? 0) & 31;
    if (unitType !== 1 && unitType !== 5) continue;
    const start = stream[at - 1] === 0 ? at - 1 : at;
    parts.push(stream.subarray(end, start), seiUnit);
    end = start;
  }
  return Buffer.concat([...parts, stream.subarray(end)]);
};

/** Captions in the video are not extracted. A video with them is processed like one without. */
export const describeEmbeddedCaptions = (searchPath: string): void => {
  describe(`captions embedded in the video with ${searchPath === "" ? "the packaged ffmpeg" : "Debian's ffmpeg"}`, function () {
    this.timeout(60_000);
    let bench: HostileBench;
    before(async () => {
      bench = await openHostileBench(searchPath);
      const path = join(bench.folder, "captions.h264");
      const encoder = "-c:v libx264 -preset ultrafast -x264-params slices=1:sliced-threads=0 -f h264";
      await bench.makeMedia("-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=2", ...encoder.split(" "), path);
      await writeFile(path, insertCaptions(await readFile(path)));
      await bench.makeMedia("-i", path, "-c", "copy", join(bench.folder, "captions.mp4"));
      await bench.upload("captions.mp4");
    });
    after(() => bench.close());

    it("are in the source", async () => {
      const path = join(bench.folder, "captions.mp4");
      const { log } = await bench.makeMedia(
        "-i",
        path,
        "-vf",
        "showinfo",
        "-frames:v",
        "2",
        "-f",
        "null",
        "-",
      );

      expect(log).to.include("A/53 closed captions");
    });

    for (const [options, outputKey, output] of [
      [{ name: "thumbnail", at: { seconds: 1 } }, "a.png", "a.png"],
      [{ name: "clip", start: { seconds: 0.5 }, durationSeconds: 1 }, "a.mp4", "a.mp4"],
      [{ name: "ladder", heights: [180] }, "a/", "a/master.m3u8"],
    ] as const)
      it(`do not fail the recipe ${options.name}`, async () => {
        const recipe = recipeOptionsSchema.parse(options) as Recipe;
        const { failure, outputs } = await bench.attempt(recipe, "captions.mp4", { outputKeys: [outputKey] });

        expect(failure).to.equal(undefined);
        expect(outputs).to.include(output);
      });
  });
};
