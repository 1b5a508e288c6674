import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { classifyFfmpegFailure } from "../../../docker/ffmpeg/failures/failure.ts";
import { hasHitMemoryLimit } from "../../../docker/ffmpeg/failures/memory-failure.ts";
import { type ChildResult, runChild } from "../../../docker/ffmpeg/programs/child.ts";
import type { MediaPrograms } from "../../e2e/media-programs.ts";
import { profileBomb, textBomb } from "../../faults/bomb.ts";

const mebibyte = 2 ** 20;
/** Less than the worker's own limits, so that the bombs end soon. */
const memory = { dataBytes: 512 * mebibyte, residentBytes: 512 * mebibyte, isLimitedByTask: false };

/** Memory bombs that no filter strips, against the memory limit of a media process. */
export const describeMemory = ({ build, paths, ffmpeg }: MediaPrograms): void => {
  describe(`the memory limit (${build})`, function () {
    this.timeout(240_000);
    let folder = "";
    const path = (name: string): string => join(folder, name);

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "reelway-memory-"));
      await ffmpeg(["-f", "lavfi", "-i", "testsrc=s=64x48", "-frames:v", "1", path("plain.png")]);
      const png = await readFile(path("plain.png"));
      await writeFile(path("profile.png"), profileBomb(png, 1000));
      await writeFile(path("text.png"), textBomb(png, 1000, 1));
      for (const name of ["profile.mkv", "profile.mov", "text.mov"])
        await ffmpeg(["-i", path(name.replace(/\.\w+$/, ".png")), "-c", "copy", path(name)]);
      const tone = ["-f", "lavfi", "-i", "sine=d=1"];
      const coverOptions = [
        "-map",
        "0",
        "-map",
        "1",
        "-c:a",
        "libmp3lame",
        "-c:v",
        "copy",
        "-id3v2_version",
        "3",
      ];
      await ffmpeg([...tone, "-i", path("profile.png"), ...coverOptions, path("cover.mp3")]);
    });
    after(() => rm(folder, { recursive: true, force: true }));

    const run = (program: string, ...programArguments: readonly string[]): Promise<ChildResult> =>
      runChild(program, programArguments, {
        signal: new AbortController().signal,
        timeoutSeconds: 120,
        graceSeconds: 1,
        memory,
      });
    const decode = (name: string, ...rest: readonly string[]) =>
      run(paths.ffmpeg, "-nostdin", "-loglevel", "level+info", "-i", path(name), ...rest, "-f", "null", "-");

    for (const name of ["profile.png", "profile.mkv", "profile.mov"])
      it(`ends the decoding of ${name} and blames the file`, async () => {
        const result = await decode(name, "-frames:v", "1");
        const failure = classifyFfmpegFailure(
          { name, recipe: "thumbnail", scratch: folder, memory, phase: "thumbnail" },
          { ...result, errorLines: 0, hasHitMemoryLimit: hasHitMemoryLimit(result, memory) },
        );

        expect(result.code).to.not.equal(0);
        expect(result.peakMemory.residentBytes).to.be.within(1, memory.residentBytes);
        expect(failure.toJobError()).to.include({ code: 4007, retryable: false });
        expect(failure.message).to.match(/^ffmpeg needed more than 0\.5 GiB of memory for profile\.\w{3}, /);
        expect(failure.message).to.not.include("taskSizes.");
      });

    it("limits the memory of text within a video", async () => {
      const result = await decode("text.mov", "-frames:v", "1");

      expect([result.code, hasHitMemoryLimit(result, memory)]).to.deep.equal([0, false]);
      expect(result.peakMemory.residentBytes).to.be.within(1, memory.residentBytes);
    });

    it("does not affect the audio next to a cover image", async () => {
      const result = await decode("cover.mp3", "-map", "0:a", "-vn");

      expect([result.code, hasHitMemoryLimit(result, memory)], result.log).to.deep.equal([0, false]);
    });

    for (const name of ["profile.png", "text.png", "profile.mkv", "cover.mp3"])
      it(`lets ffprobe read ${name} within the limit`, async () => {
        const result = await run(paths.ffprobe, "-v", "error", "-show_streams", path(name));

        expect([result.code, hasHitMemoryLimit(result, memory)], result.log).to.deep.equal([0, false]);
      });

    it("passes arguments unchanged", async () => {
      const odd = path("a $(touch x) `b` 'c' \"d\" ; e.png");
      await writeFile(odd, await readFile(path("plain.png")));
      const result = await run(paths.ffprobe, "-v", "error", odd);

      expect(result.code, result.log).to.equal(0);
    });

    it("reports a missing program at once", async () => {
      const cause = await run(path("no-program")).catch((error: unknown) => error);

      expect(cause).to.be.instanceOf(Error).with.property("code", "ENOENT");
    });
  });
};
