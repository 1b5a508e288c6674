import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { findSystemPreset } from "../../pipeline/elastic-transcoder/presets/system-presets.ts";
import type { TranscodeClip } from "../../pipeline/elastic-transcoder/transcode/transcode-recipe.ts";
import { containerDemuxers } from "../../pipeline/media/demuxers.ts";
import type { Recipe } from "../../pipeline/recipes/recipe.ts";
import { recipeOptionsSchema } from "../../pipeline/recipes/schema.ts";
import { drivePlan, type ProducedFile } from "../e2e/drive-plan.ts";
import { type FileServer, serveFiles } from "../e2e/file-server.ts";
import { type MediaPrograms, packagedPrograms } from "../e2e/media-programs.ts";
import { buildGraphInput } from "./inputs/graphs.ts";
import { buildSecondBeepGraph, buildTimeCodeGraph, readTimeCode } from "./inputs/time-code.ts";
import { findBeepSeconds } from "./measure/beeps.ts";
import { decodeAudio } from "./measure/decoded-audio.ts";
import { type LumaFrame, readLumaFrames } from "./measure/luma-frames.ts";

const sourceSeconds = 12;

/** Arguments from the H.264 stream to each file. The names tell the keyframe interval in frames. */
const containers: Readonly<Record<string, readonly string[]>> = {
  "k160.ts": ["-c", "copy"],
  "k250.ts": ["-c", "copy"],
  "k160.mpg": ["-c", "copy", "-bsf:v", "h264_mp4toannexb", "-f", "vob"],
  "k250.mpg": ["-c", "copy", "-bsf:v", "h264_mp4toannexb", "-f", "vob"],
  "k160-26-hours.ts": ["-c", "copy", "-output_ts_offset", "93600"],
  // The clock of 33 bits and 90 kHz wraps at 95,443.7 s: here after 6.3 s.
  "k160-wrap.ts": ["-c", "copy", "-output_ts_offset", "95436"],
  "k160-mpeg2.mpg": [..."-c:v mpeg2video -q:v 2 -g 160 -bf 2 -c:a copy -f vob".split(" ")],
  "k160.avi": "-c:v mpeg4 -q:v 2 -g 160 -c:a mp2 -b:a 128k".split(" "),
  "k160.mp4": ["-c", "copy"],
  "k250.mkv": ["-c", "copy"],
  "k160.flv": ["-c:v", "copy", "-c:a", "aac"],
  "k160.h264": ["-map", "0:v", "-c", "copy"],
};

/** Containers of a still screen, which has frames at 0, 5 and 10 s only. */
const sparseContainers: Readonly<Record<string, readonly string[]>> = {
  "sparse.mp4": ["-c:a", "aac"],
  "sparse.mkv": ["-c:a", "aac"],
  "sparse.flv": ["-c:a", "aac"],
  "sparse.ts": ["-c:a", "mp2"],
  "sparse.mpg": ["-c:a", "mp2", "-f", "vob"],
};

const makeSources = async (programs: MediaPrograms, folder: string): Promise<void> => {
  for (const interval of [160, 250]) {
    const encoded = join(folder, `source-${interval}.mkv`);
    await programs.ffmpeg([
      ...buildGraphInput(buildTimeCodeGraph(sourceSeconds)),
      ...buildGraphInput(buildSecondBeepGraph(sourceSeconds)),
      ..."-c:v libx264 -preset veryfast -crf 8 -sc_threshold 0 -c:a mp2 -b:a 128k -g".split(" "),
      ...[String(interval), encoded],
    ]);
    for (const [name, args] of Object.entries(containers))
      if (name.startsWith(`k${interval}`))
        await programs.ffmpeg(["-i", encoded, ...args, join(folder, name)]);
  }
  for (const [name, args] of Object.entries(sparseContainers))
    await programs.ffmpeg([
      ...buildGraphInput(buildTimeCodeGraph(sourceSeconds)),
      ...buildGraphInput(buildSecondBeepGraph(sourceSeconds)),
      ..."-vf select='not(mod(n,125))' -vsync vfr -c:v libx264 -preset veryfast -crf 8 -bf 0".split(" "),
      ...[...args, join(folder, name)],
    ]);
};

/** A still screen with audio from 9.7 s on. */
const makeSparseLateAudio = async (programs: MediaPrograms, folder: string): Promise<void> => {
  await programs.ffmpeg([
    ...["-i", join(folder, "sparse.mp4"), "-itsoffset", "9.7", "-i", join(folder, "sparse.mp4")],
    ...["-map", "0:v", "-map", "1:a", "-c", "copy", "-t", "14", join(folder, "sparse-late.mp4")],
  ]);
};

/** A transcoder job of one clip with the preset Web. */
const buildTranscode = (clip: TranscodeClip, thumbnailPattern?: string): Recipe => {
  const preset = findSystemPreset("1351620000001-100070");
  if (preset === undefined) throw new Error("The preset Web does not exist.");
  return {
    name: "transcode",
    outputs: [
      {
        key: "out",
        preset,
        rotate: "auto",
        clip,
        ...(thumbnailPattern === undefined ? {} : { thumbnailPattern }),
      },
    ],
  };
};

/** Thumbnails, clips and clips of transcoder jobs: each begins at the requested frame, in any container. */
export const describeSeeking = (programs: MediaPrograms): void => {
  describe(`seeking with ${programs.build}`, function () {
    this.timeout(60_000);
    let folder = "";
    let server: FileServer | undefined;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "reelway-seeking-"));
      await makeSources(packagedPrograms(), folder);
      await makeSparseLateAudio(packagedPrograms(), folder);
      server = await serveFiles(folder);
    });
    after(async () => {
      await server?.close();
      await rm(folder, { recursive: true, force: true });
    });

    const make = async (recipe: Recipe, name: string): Promise<ProducedFile> => {
      const url = server?.url(name) ?? "";
      const [output] = await drivePlan(programs, { recipe, url, outputKeys: ["out"], folder });
      if (output === undefined) throw new Error(`${name} has no output.`);
      expect(output.problems, name).to.deep.equal([]);
      return output;
    };
    const readFirstTimeCode = async (path: string): Promise<number> => {
      const [first] = await readLumaFrames(programs, path, { grid: [2, 1] });
      if (first === undefined) throw new Error(`${path} has no video.`);
      return readTimeCode(first);
    };
    const sourceFrames = new Map<string, readonly LumaFrame[]>();
    /** The time code of the source's last frame up to a position. */
    const readVisibleTimeCode = async (name: string, seconds: number): Promise<number> => {
      const frames =
        sourceFrames.get(name) ?? (await readLumaFrames(programs, join(folder, name), { grid: [2, 1] }));
      sourceFrames.set(name, frames);
      const visibleFrame = frames.findLast((frame) => frame.seconds <= seconds + 0.001) ?? frames[0];
      if (visibleFrame === undefined) throw new Error(`${name} has no video.`);
      return readTimeCode(visibleFrame);
    };
    /** The image is gray: its luma follows from one channel. */
    const readImageTimeCode = async (path: string): Promise<number> => {
      const pixels = await programs.ffmpegOutput([
        ...["-i", path, "-vf", "scale=2:1:flags=area,format=gbrp", "-f", "rawvideo", "-"],
      ]);
      return readTimeCode({ luma: pixels.map((value) => 16 + (value * 219) / 255) });
    };
    const readBeeps = async (path: string) => findBeepSeconds(await decodeAudio(programs, path));

    const hasAudio = (name: string): boolean => !name.endsWith(".h264");
    /** Seconds from the start of a source to its first frame: not 0 if audio comes first. */
    const readVideoStart = async (name: string): Promise<number> =>
      (await programs.probe(join(folder, name), containerDemuxers)).video?.startSeconds ?? 0;
    /**
     * The clip of 1 s begins with the frame that is nearest to its start, frame 13 of a second. So it has one beep, as long
     * after this frame as in the source.
     */
    const checkClip = async (name: string, { path }: ProducedFile, startSeconds: number) => {
      const videoStart = await readVideoStart(name);
      const timeCode = Math.round((startSeconds - videoStart) * 25) / 25;
      expect(await readFirstTimeCode(path), `${name}: first frame`).to.equal(timeCode);
      if (!hasAudio(name)) return;
      const beeps = await readBeeps(path);
      const sourceBeep = (await readBeeps(join(folder, name))).find((seconds) => seconds > startSeconds) ?? 0;
      expect(beeps, `${name}: beeps`).to.have.length(1);
      expect(beeps[0], `${name}: beep`).to.be.closeTo(sourceBeep - videoStart - timeCode, 0.02);
    };

    for (const name of Object.keys(containers)) {
      it(`extracts the requested frame of ${name}`, async () => {
        for (const seconds of [2.2, 7.52, 9.52]) {
          const { path } = await make({ name: "thumbnail", at: { seconds } }, name);
          const frame = await readVisibleTimeCode(name, seconds);
          expect(await readImageTimeCode(path), `${name} at ${seconds} s`).to.equal(frame);
        }
      });

      it(`cuts ${name} at the requested frame, with its audio in sync`, async () => {
        for (const seconds of [2.52, 9.52]) {
          const clip = { name: "clip", start: { seconds }, durationSeconds: 1 } as const;
          await checkClip(name, await make(clip, name), seconds);
        }
      });
    }

    for (const name of Object.keys(sparseContainers)) {
      it(`extracts the visible frame of ${name}`, async () => {
        for (const seconds of [2, 4.95, 5.05, 9, 11, 12]) {
          const { path } = await make({ name: "thumbnail", at: { seconds } }, name);
          const frame = await readVisibleTimeCode(name, seconds);
          expect(await readImageTimeCode(path), `${name} at ${seconds} s`).to.equal(frame);
        }
      });

      it(`extracts the visible frames of ${name} at an interval`, async () => {
        const url = server?.url(name) ?? "";
        const recipe = recipeOptionsSchema.parse({ name: "frames", everySeconds: 3 }) as Recipe;
        const outputs = await drivePlan(programs, { recipe, url, outputKeys: ["out/"], folder });
        const codes = await Promise.all(outputs.map(({ path }) => readImageTimeCode(path)));
        expect(codes, name).to.deep.equal([0, 0, 5, 5]);
      });

      it(`begins a clip of ${name} with the visible frame`, async () => {
        for (const seconds of [2.52, 8.305]) {
          const clip = { name: "clip", start: { seconds }, durationSeconds: 1 } as const;
          const { path } = await make(clip, name);
          const frame = await readVisibleTimeCode(name, seconds);
          expect(await readFirstTimeCode(path), `${name} at ${seconds} s`).to.equal(frame);
        }
      });

      it(`begins a transcoder job's clip of ${name} with the visible frame`, async () => {
        const url = server?.url(name) ?? "";
        for (const startSeconds of [2.52, 8.305]) {
          const recipe = buildTranscode({ startSeconds, durationSeconds: 1 }, "thumbnail-{count}");
          const outputs = await drivePlan(programs, { recipe, url, outputKeys: ["out"], folder });
          expect(outputs.flatMap(({ problems }) => problems)).to.deep.equal([]);
          const [video, thumbnail] = outputs;
          const frame = await readVisibleTimeCode(name, startSeconds);
          expect(await readFirstTimeCode(video?.path ?? ""), `${name} at ${startSeconds} s`).to.equal(frame);
          expect(await readImageTimeCode(thumbnail?.path ?? ""), `thumbnail of ${name}`).to.equal(frame);
        }
      });
    }

    it("extracts no frame after the end of a truncated FLV", async () => {
      for (const name of ["sparse.flv", "k160.flv"]) {
        const file = await readFile(join(folder, name));
        await writeFile(join(folder, "truncated.flv"), file.subarray(0, Math.round(file.length * 0.7)));
        const failure = await make({ name: "thumbnail", at: { seconds: 11 } }, "truncated.flv").catch(
          (cause: unknown) => cause,
        );

        expect(failure, name).to.include({ code: 4002 });
      }
    });

    it("extracts the last frame of an FLV whose audio ends first", async () => {
      await programs.ffmpeg([
        ...["-i", join(folder, "k160.flv"), "-filter:a", "atrim=end=8", "-c:v", "copy", "-c:a", "aac"],
        join(folder, "short-audio.flv"),
      ]);
      const { path } = await make({ name: "thumbnail", at: { percent: 100 } }, "short-audio.flv");

      expect(await readImageTimeCode(path)).to.equal(
        await readVisibleTimeCode("short-audio.flv", sourceSeconds),
      );
    });

    it("extracts the last frame of a still FLV without audio", async () => {
      await programs.ffmpeg([
        ...["-i", join(folder, "sparse.flv"), "-c", "copy", "-an", join(folder, "silent.flv")],
      ]);
      const { path } = await make({ name: "thumbnail", at: { percent: 100 } }, "silent.flv");

      expect(await readImageTimeCode(path)).to.equal(10);
    });

    it("ends a clip with silence before its audio and video that ends first", async () => {
      const [sourceBeep = 0] = await readBeeps(join(folder, "sparse-late.mp4"));
      const clip = { name: "clip", start: { seconds: 9.3 }, durationSeconds: 1.5 } as const;
      const { path } = await make(clip, "sparse-late.mp4");
      const [beep] = await readBeeps(path);

      expect(beep).to.be.closeTo(sourceBeep - 9.3, 0.01);
    }).timeout(20_000);

    it("makes a ladder with a poster of k250.ts", async () => {
      const url = server?.url("k250.ts") ?? "";
      const recipe = recipeOptionsSchema.parse({ name: "ladder" }) as Recipe;
      const outputs = await drivePlan(programs, { recipe, url, outputKeys: ["out/"], folder });

      expect(outputs.flatMap(({ problems }) => problems)).to.deep.equal([]);
      expect(outputs.map(({ key }) => key)).to.include("out/poster.jpg");
    });

    for (const name of ["k160.ts", "k250.mpg", "k160.h264"])
      it(`cuts ${name} in a transcoder job`, async () => {
        const recipe = buildTranscode({ startSeconds: 9.52, durationSeconds: 1 });
        await checkClip(name, await make(recipe, name), 9.52);
      });
  });
};
