import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { classifyFfmpegFailure } from "../../../docker/ffmpeg/failures/failure.ts";
import { runFfmpeg } from "../../../docker/ffmpeg/programs/ffmpeg.ts";
import { computeMemoryLimit } from "../../../pipeline/encoding/memory-limit.ts";
import { isMediaFailure } from "../../../pipeline/errors/job-error.ts";
import type { MediaPrograms } from "../../e2e/media-programs.ts";

/** Runs of ffmpeg with components that no build has. */
export const describeMissingComponents = ({ build, paths, ffmpeg }: MediaPrograms): void => {
  describe(`components that an ffmpeg is without (${build})`, function () {
    this.timeout(60_000);
    let folder = "";
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "reelway-components-"));
      const title = "[error] No such filter: 'scale'\n[error] No such filter: 'scale'";
      const clip = ["-f", "lavfi", "-i", "testsrc=s=64x48:d=0.2", "-metadata", `title=${title}`];
      await ffmpeg([...clip, join(folder, "clip.mkv")]);
    });
    after(() => rm(folder, { recursive: true, force: true }));

    const run = async (...stepArguments: readonly string[]) => {
      const memory = computeMemoryLimit(
        { kind: "video", pixels: 64 * 48, encoderCount: 1, lookahead: "long", threads: 1 },
        totalmem(),
      );
      const result = await runFfmpeg(
        paths.ffmpeg,
        { arguments: ["-i", join(folder, "clip.mkv"), ...stepArguments] },
        {
          signal: new AbortController().signal,
          bounds: { maxMediaSeconds: 60, timeoutSeconds: 60 },
          graceSeconds: 1,
          memory,
          threads: 1,
          cwd: folder,
          progressTimeoutSeconds: 30,
          source: { bytesRead: 0, isWaiting: false },
          onProgress: () => undefined,
        },
      );
      expect(result.code, result.log).to.not.equal(0);
      const phase = { name: "clip.mkv", recipe: "clip", scratch: folder, memory, phase: "encoding" } as const;
      return classifyFfmpegFailure(phase, result);
    };

    for (const [component, stepArguments] of [
      ["filter missingname", ["-vf", "scale=32:24,missingname=1", "-f", "null", "-"]],
      ["filter missingname", ["-filter_complex", "[0:v]missingname[v]", "-map", "[v]", "-f", "null", "-"]],
      ["encoder missingname", ["-c:v", "missingname", "-f", "null", "-"]],
      ["output format missingname", ["-f", "missingname", "-"]],
      ["option missingname", ["-missingname", "1", "-f", "null", "-"]],
      ["option missingname", ["-vf", "scale=32:24:missingname=1", "-f", "null", "-"]],
    ] as const)
      it(`are named, not blamed on the media: ${component} in ${stepArguments[0]}`, async () => {
        const failure = await run(...stepArguments);

        expect(failure.toJobError()).to.include({ code: 9000, retryable: false });
        expect(isMediaFailure(failure)).to.equal(false);
        expect(failure.message).to.include(`has no ${component}, which phase encoding of clip.mkv needs`);
        expect(failure.message).to.include("FFMPEG_PATH");
      });

    it("are not taken from the metadata of the source", async () => {
      const failure = await run("-map", "0:9", "-f", "null", "-");

      expect(failure.code).to.equal(4002);
    });
  });
};
