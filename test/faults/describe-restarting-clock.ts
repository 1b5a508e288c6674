import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { findSystemPreset } from "../../pipeline/elastic-transcoder/presets/system-presets.ts";
import type { Recipe } from "../../pipeline/recipes/recipe.ts";
import { packagedPrograms } from "../e2e/media-programs.ts";
import { buildGraphInput } from "../media/inputs/graphs.ts";
import { buildSecondBeepGraph, buildTimeCodeGraph, readTimeCode } from "../media/inputs/time-code.ts";
import { findBeepSeconds } from "../media/measure/beeps.ts";
import { decodeAudio } from "../media/measure/decoded-audio.ts";
import { type LumaFrame, readLumaFrames } from "../media/measure/luma-frames.ts";
import { type HostileBench, openHostileBench } from "./hostile-bench.ts";

const recordingSeconds = 20;

/** A time in one of the two recordings. */
interface Position {
  readonly recording: 1 | 2;
  readonly seconds: number;
}

/** The second recording is mirrored: its time code is read from right to left. */
const readSeconds = ({ luma }: LumaFrame, { recording }: Position): number =>
  readTimeCode({ luma: recording === 1 ? luma : luma.toReversed() });

/** Two recordings of 20 s in one MPEG-TS, whose header is that of one. */
export const describeRestartingClock = (searchPath: string): void => {
  describe(`an MPEG-TS of two recordings with ${searchPath === "" ? "the packaged ffmpeg" : "Debian's ffmpeg"}`, function () {
    this.timeout(60_000);
    const programs = packagedPrograms();
    let bench: HostileBench;
    before(async () => {
      bench = await openHostileBench(searchPath);
      const recordings: Buffer[] = [];
      for (const filter of ["null", "hflip"]) {
        const path = join(bench.folder, `${filter}.ts`);
        await bench.makeMedia(
          ...buildGraphInput(buildTimeCodeGraph(recordingSeconds)),
          ...buildGraphInput(buildSecondBeepGraph(recordingSeconds)),
          ...["-vf", filter, ..."-c:v libx264 -preset ultrafast -crf 8 -g 25 -c:a aac".split(" "), path],
        );
        recordings.push(await readFile(path));
      }
      await writeFile(join(bench.folder, "two.ts"), Buffer.concat(recordings));
      await bench.upload("two.ts");
    });
    after(() => bench.close());

    /** Checks the duration, the first and the last frame of a clip, and that a beep begins each second. */
    const checkClip = async (recipe: Recipe, durationSeconds: number, first: Position, last: Position) => {
      const { failure, durationsSeconds, folder } = await bench.attempt(recipe, "two.ts", {
        outputKeys: ["a.mp4"],
      });
      expect(failure).to.equal(undefined);
      expect(durationsSeconds[0]).to.be.closeTo(durationSeconds, 0.1);
      const path = join(folder, (await readdir(folder)).find((name) => name.endsWith(".mp4")) ?? "");
      const frames = await readLumaFrames(programs, path, { grid: [2, 1] });
      const [firstFrame, lastFrame] = [frames.at(0), frames.at(-1)];
      if (firstFrame === undefined || lastFrame === undefined) throw new Error("The clip has no video.");
      // The audio of MPEG-TS starts a frame before its video.
      expect(readSeconds(firstFrame, first), "first frame").to.be.closeTo(first.seconds, 0.041);
      expect(readSeconds(lastFrame, last), "last frame").to.be.closeTo(last.seconds, 0.081);
      const beeps = findBeepSeconds(await decodeAudio(programs, path));
      expect(beeps, "beeps").to.have.length(durationSeconds);
      const firstBeep = first.seconds - readSeconds(firstFrame, first);
      for (const [index, beep] of beeps.entries())
        expect(beep, `beep ${index}`).to.be.closeTo(index + firstBeep, 0.02);
    };

    const clips: readonly {
      readonly seconds: number;
      readonly durationSeconds: number;
      readonly where: string;
      readonly first: Position;
      readonly last: Position;
    }[] = [
      {
        where: "within the declared half",
        seconds: 12,
        durationSeconds: 4,
        first: { recording: 1, seconds: 12 },
        last: { recording: 1, seconds: 15.96 },
      },
      {
        where: "across the declared end",
        seconds: 18,
        durationSeconds: 4,
        first: { recording: 1, seconds: 18 },
        last: { recording: 2, seconds: 1.96 },
      },
      {
        where: "after the declared end",
        seconds: 26,
        durationSeconds: 2,
        first: { recording: 2, seconds: 6 },
        last: { recording: 2, seconds: 7.96 },
      },
    ];
    for (const { where, seconds, durationSeconds, first, last } of clips) {
      it(`has the content of a clip ${where}`, () =>
        checkClip({ name: "clip", start: { seconds }, durationSeconds }, durationSeconds, first, last));

      it(`has the content of a transcoder job's clip ${where}`, async () => {
        const preset = findSystemPreset("1351620000001-100070");
        if (preset === undefined) throw new Error("The preset Web does not exist.");
        const clip = { startSeconds: seconds, durationSeconds };
        await checkClip(
          { name: "transcode", outputs: [{ key: "a.mp4", preset, rotate: "auto", clip }] },
          durationSeconds,
          first,
          last,
        );
      });
    }
  });
};
