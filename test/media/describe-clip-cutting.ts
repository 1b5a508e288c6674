import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { ClipOptions } from "../../pipeline/recipes/recipe.ts";
import { drivePlan, type ProducedFile } from "../e2e/drive-plan.ts";
import { type FileServer, serveFiles } from "../e2e/file-server.ts";
import { type MediaPrograms, packagedPrograms } from "../e2e/media-programs.ts";
import { frameCounterGrid, readFrameCounter } from "./inputs/frame-counter.ts";
import { makeLiveSegments } from "./inputs/live-segments.ts";
import { findBeepSeconds } from "./measure/beeps.ts";
import { decodeAudio } from "./measure/decoded-audio.ts";
import { readLumaFrames } from "./measure/luma-frames.ts";

const rates = ["25", "30000/1001", "50", "60000/1001"] as const;
const containers = ["mpegts", "fmp4"] as const;

const parseRate = (rate: string): number => {
  const [numerator = 25, denominator = 1] = rate.split("/").map(Number);
  return numerator / denominator;
};

const getFramesPerSegment = (rate: string): number => Math.round(parseRate(rate)) * 2;
const getName = (container: string, rate: string): string =>
  `${container}-${Math.round(parseRate(rate) * 100)}`;

/** Numbers of the frames that a file shows, and the seconds of its first one. */
export const readFrameNumbers = async (programs: MediaPrograms, path: string) => {
  const frames = await readLumaFrames(programs, path, { grid: frameCounterGrid });
  return { numbers: frames.map(readFrameCounter), startSeconds: frames[0]?.seconds ?? Number.NaN };
};

/** Numbers from the first to before the end. */
export const listNumbers = (first: number, end: number): readonly number[] =>
  Array.from({ length: end - first }, (_, index) => first + index);

/** Clips of live segments: exactly the frames from the start to the end, with the audio in sync. */
export const describeClipCutting = (programs: MediaPrograms): void => {
  describe(`cutting clips with ${programs.build}`, function () {
    this.timeout(60_000);
    let folder = "";
    let server: FileServer | undefined;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "reelway-clips-"));
      server = await serveFiles(folder);
    });
    after(async () => {
      await server?.close();
      await rm(folder, { recursive: true, force: true });
    });

    const cut = (
      name: string,
      options: Partial<ClipOptions> & Pick<ClipOptions, "durationSeconds">,
      outputKeys: readonly string[] = ["clip.mp4"],
    ): Promise<readonly ProducedFile[]> =>
      drivePlan(programs, {
        recipe: { name: "clip", start: { seconds: 0 }, origin: "first-frame", ...options },
        url: server?.url(name) ?? "",
        outputKeys,
        folder,
      });
    const cutFile = async (...args: Parameters<typeof cut>): Promise<string> => {
      const [output] = await cut(...args);
      expect(output?.problems).to.deep.equal([]);
      return output?.path ?? "";
    };

    /** Joins the segments of a channel. The first one has expired, so the source's first frame is that of the second. */
    const makeSource = async (container: (typeof containers)[number], rate: string): Promise<void> => {
      const name = getName(container, rate);
      const segmentsFolder = join(folder, `${name}-segments`);
      await mkdir(segmentsFolder);
      const framesPerSegment = getFramesPerSegment(rate);
      const { segments, initialization } = await makeLiveSegments(packagedPrograms(), segmentsFolder, {
        container,
        rate,
        seconds: (framesPerSegment * 7) / parseRate(rate),
        framesPerSegment,
        startSeconds: container === "fmp4" ? 0 : 40_000,
      });
      expect(segments).to.have.length(7);
      await writeFile(
        join(folder, name),
        Buffer.concat([...(initialization === undefined ? [] : [initialization]), ...segments.slice(1)]),
      );
    };

    for (const container of containers)
      for (const rate of rates) {
        const framesPerSecond = parseRate(rate);
        const framesPerSegment = getFramesPerSegment(rate);
        const name = getName(container, rate);
        const firstFrame = framesPerSegment;
        // The 2018 build reads neither the encoder delay nor the decode times of audio in fragmented MP4.
        const hasExactAudio = container === "mpegts" || programs.build !== packagedPrograms().build;

        describe(`of ${rate} fps in ${container}`, () => {
          before(() => makeSource(container, rate));

          const check = async (path: string, first: number, end: number): Promise<void> => {
            const { numbers, startSeconds } = await readFrameNumbers(programs, path);
            expect(numbers).to.deep.equal(listNumbers(first, end));
            expect(startSeconds, "start").to.be.closeTo(0, 0.001);
            if (!hasExactAudio) return;
            const beeps = findBeepSeconds(await decodeAudio(programs, path));
            const expected = Math.ceil(first / framesPerSecond + 0.05) - first / framesPerSecond;
            const nextBeep = beeps.find((seconds) => seconds > expected - 0.1);
            expect(nextBeep, "beep").to.be.closeTo(expected, 0.02);
          };

          const length = Math.round(framesPerSecond * 1.3);
          for (const [from, to] of [
            [0, length],
            [13, 13 + length],
            [framesPerSegment - 1, framesPerSegment + length],
            [framesPerSegment * 6 - length, framesPerSegment * 6],
          ] as const)
            it(`begins with frame ${from} and ends before frame ${to}`, async () => {
              const path = await cutFile(name, {
                start: { seconds: from / framesPerSecond },
                durationSeconds: (to - from) / framesPerSecond,
              });
              await check(path, firstFrame + from, firstFrame + to);
            });

          it("begins with the keyframe before its start, without encoding", async () => {
            const from = framesPerSegment + 11;
            const to = framesPerSegment * 2 + 31;
            const path = await cutFile(name, {
              cut: "keyframe",
              start: { seconds: from / framesPerSecond },
              durationSeconds: (to - from) / framesPerSecond,
            });
            const { numbers, startSeconds } = await readFrameNumbers(programs, path);
            const first = firstFrame + framesPerSegment;
            expect(startSeconds, "start").to.be.closeTo(0, 0.001);
            expect(numbers.slice(0, to - framesPerSegment)).to.deep.equal(
              listNumbers(first, firstFrame + to),
            );
            expect(numbers.length - (to - framesPerSegment), "frames after the end").to.be.within(0, 3);
            if (!hasExactAudio) return;
            const beeps = findBeepSeconds(await decodeAudio(programs, path));
            const expected = Math.ceil(first / framesPerSecond + 0.05) - first / framesPerSecond;
            expect(
              beeps.find((seconds) => seconds > expected - 0.1),
              "beep",
            ).to.be.closeTo(expected, 0.02);
          });
        });
      }

    describe("with several outputs", () => {
      const frames = 100;
      before(async () => {
        await rm(join(folder, "mpegts-2500-segments"), { recursive: true, force: true });
        await makeSource("mpegts", "25");
      });
      for (const cutMode of ["frame", "keyframe"] as const)
        it(`makes HLS and a poster of the same frames, cut: ${cutMode}`, async () => {
          const outputs = await cut(
            "mpegts-2500",
            { cut: cutMode, start: { seconds: 2 }, durationSeconds: frames / 25 },
            ["clip.mp4", "clip/", "clip.jpg"],
          );
          expect(outputs.flatMap(({ problems }) => problems)).to.deep.equal([]);
          const keys = outputs.map(({ key }) => key);
          expect(keys).to.include.members(["clip.mp4", "clip.jpg", "clip/master.m3u8", "clip/media_0.m3u8"]);
          const video = outputs.find(({ key }) => key === "clip/rendition-0.mp4")?.path ?? "";
          const audio = outputs.find(({ key }) => key === "clip/rendition-1.mp4")?.path ?? "";
          const file = outputs.find(({ key }) => key === "clip.mp4")?.path ?? "";
          const expected = await readFrameNumbers(programs, file);
          const segmented = await readFrameNumbers(programs, video);
          expect(segmented.startSeconds).to.equal(expected.startSeconds);
          expect(segmented.numbers.slice(0, frames)).to.deep.equal(expected.numbers.slice(0, frames));
          expect(expected.numbers.slice(0, frames)).to.deep.equal(listNumbers(100, 100 + frames));
          // A beep at the very start has no onset.
          const readBeeps = async (path: string) =>
            findBeepSeconds(await decodeAudio(programs, path, { isAbsolute: true })).filter(
              (seconds) => seconds > 0.5,
            );
          const fileBeeps = await readBeeps(file);
          const beeps = await readBeeps(audio);
          expect(beeps.slice(0, 3)).to.have.length(3);
          for (const [index, seconds] of beeps.slice(0, 3).entries())
            expect(seconds).to.be.closeTo(fileBeeps[index] ?? Number.NaN, 0.02);
        });
    });
  });
};
