import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { classifyFfmpegFailure } from "../../docker/ffmpeg/failures/failure.ts";
import { runChild } from "../../docker/ffmpeg/programs/child.ts";
import { runFfmpeg } from "../../docker/ffmpeg/programs/ffmpeg.ts";
import { buildFileInputArguments, buildProbeArguments } from "../../pipeline/encoding/input-arguments.ts";
import type { Recipe } from "../../pipeline/recipes/recipe.ts";
import { recipeOptionsSchema } from "../../pipeline/recipes/schema.ts";
import { serveFiles } from "../e2e/file-server.ts";
import { type HostileBench, openHostileBench } from "./hostile-bench.ts";
import { makeHostileMedia } from "./hostile-media.ts";

const limits = { maxSourceMinutes: 1, maxVideoPixels: 1e6, maxImagePixels: 1e6 };
/** Six seconds of video and of audio, given out in six seconds. */
const video = "-re -f lavfi -i testsrc=s=64x48:r=10:d=6".split(" ");
const audio = "-re -f lavfi -i sine=d=6".split(" ");

/** Runs that end by themselves, although no output grows for longer than the stall limit. */
const slowRuns: Readonly<Record<string, (folder: string) => readonly string[]>> = {
  "a sprite": (folder) => [
    ...[...video, "-vf", "fps=1/2,tile=2x2", "-frames:v", "1", "-f", "image2", "-update", "1"],
    join(folder, "sprite.jpg"),
  ],
  "a palette": (folder) => [
    ...[...video, "-vf", "palettegen", "-frames:v", "1", "-f", "image2", "-update", "1"],
    join(folder, "palette.png"),
  ],
  "an image every hour": (folder) => [
    ...[...video, "-vf", "setpts=PTS-STARTPTS,fps=1/3600:round=up", "-f", "image2"],
    join(folder, "hour-%05d.jpg"),
  ],
  "a clip far behind its keyframe": (folder) => [
    ...[...video, "-ss", "5.5", "-c:v", "libx264", "-f", "mp4"],
    join(folder, "end.mp4"),
  ],
};

/** What ends a stalled run of ffmpeg, and what no run may read, with one build. */
export const describeStalls = (searchPath: string): void => {
  describe(`ffmpeg runs with ${searchPath === "" ? "the packaged ffmpeg" : "Debian's ffmpeg"}`, function () {
    this.timeout(120_000);
    let bench: HostileBench;
    before(async () => {
      bench = await openHostileBench(searchPath);
      await makeHostileMedia(bench.folder, bench.makeMedia);
    });
    after(() => bench.close());

    const run = (args: readonly string[], progressTimeoutSeconds: number, hasSteadyOutput = false) =>
      runFfmpeg(
        bench.programs.ffmpeg,
        { arguments: args, hasDurationLimit: true, hasSteadyOutput },
        {
          signal: new AbortController().signal,
          bounds: { maxMediaSeconds: 60, timeoutSeconds: 600 },
          graceSeconds: 1,
          memory: bench.memory,
          threads: 2,
          cwd: bench.folder,
          progressTimeoutSeconds,
          source: { bytesRead: 0, isWaiting: false },
          onProgress: () => undefined,
        },
      );

    it("are ended if frames are decoded but no output grows", async () => {
      const result = await run(
        [
          ...["-i", join(bench.folder, "bad-data.png"), "-filter_complex"],
          "[0:v]split[a][b];color=white:s=64x64[w];[w][a]overlay=shortest=1[jpeg];[b]null[webp]",
          ...[
            "-map",
            "[webp]",
            "-frames:v",
            "1",
            "-c:v",
            "libwebp",
            "-f",
            "webp",
            join(bench.folder, "a.webp"),
          ],
          ...[
            "-map",
            "[jpeg]",
            "-frames:v",
            "1",
            "-f",
            "image2",
            "-update",
            "1",
            join(bench.folder, "a.jpg"),
          ],
        ],
        2,
      );

      expect(result.stalledSeconds, result.log).to.equal(2);
      const failure = classifyFfmpegFailure(
        {
          name: "images/a.png",
          recipe: "image",
          scratch: bench.folder,
          phase: "resizing",
          memory: bench.memory,
        },
        result,
      );
      expect({ code: failure.code, retryable: failure.retryable }).to.deep.equal({
        code: 4005,
        retryable: false,
      });
      expect(failure.message).to.match(
        /^ffmpeg stopped making progress on images\/a\.png in phase resizing: .* for 2 s .* then retry the job: npx reelway retry ID --force/,
      );
    });

    it("continue while they read and rarely write", async () => {
      const results = await Promise.all([
        ...Object.values(slowRuns).map((argumentsIn) => run(argumentsIn(bench.folder), 4)),
        run([...audio, "-af", "loudnorm=print_format=json", "-f", "null", "-"], 4, true),
      ]);

      for (const [index, result] of results.entries()) {
        const name = Object.keys(slowRuns)[index] ?? "a measurement of loudness";
        expect({ name, stalledSeconds: result.stalledSeconds, code: result.code }, result.log).to.deep.equal({
          name,
          stalledSeconds: undefined,
          code: 0,
        });
        expect(result.log).not.to.match(/(demuxer|muxer) (->|<-)/);
      }
      expect(results.at(-1)?.log).to.include('"input_i"');
    });

    it("are repeated without a subtitle cue of a megabyte, which keeps ffmpeg busy", async () => {
      const line = `${"word ".repeat(12)}\n`;
      const cue = `1\n00:00:00,500 --> 00:00:01,500\n${line.repeat(16_000)}\n`;
      await writeFile(join(bench.folder, "large.srt"), cue);
      await writeFile(join(bench.folder, "small.srt"), "1\n00:00:00,500 --> 00:00:01,500\nHello\n");
      await bench.makeMedia(
        ...["-f", "lavfi", "-i", "testsrc2=s=320x180:r=10:d=2"],
        ...["-i", join(bench.folder, "large.srt"), "-i", join(bench.folder, "small.srt")],
        ...["-map", "0", "-map", "1", "-map", "2", "-metadata:s:s:1", "language=ger"],
        ...["-c:v", "libx264", "-preset", "ultrafast", "-c:s", "copy", join(bench.folder, "large-cue.mkv")],
      );
      await bench.upload("large-cue.mkv");
      const recipe = recipeOptionsSchema.parse({ name: "ladder", heights: [180] }) as Recipe;
      const { failure, outputs, warnings } = await bench.attempt(recipe, "large-cue.mkv", {
        outputKeys: ["a/"],
        progressTimeoutSeconds: 3,
      });

      expect(failure).to.equal(undefined);
      expect(outputs.filter((key) => key.endsWith(".vtt") && key.includes("subtitles"))).to.deep.equal([
        "a/subtitles-1.vtt",
      ]);
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.match(/^Subtitle track 1 .*is not included: it could not be read\. /);
    });

    /** Whether ffprobe finds a stream, and what it says. */
    const probe = async (args: readonly string[]) => {
      let json = "";
      const { log } = await runChild(bench.programs.ffprobe, args, {
        signal: new AbortController().signal,
        timeoutSeconds: 60,
        graceSeconds: 1,
        memory: bench.memory,
        onOutput: (text) => {
          json += text;
        },
      });
      return { found: json.includes('"codec_type"'), log };
    };
    const demuxers = ["hls", "mpegts"];

    it("probe a source without opening a local file it references", async () => {
      await bench.makeMedia(
        "-i",
        join(bench.folder, "clip.mp4"),
        "-c",
        "copy",
        join(bench.folder, "secret.ts"),
      );
      await writeFile(
        join(bench.folder, "pointer.m3u8"),
        `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://${join(bench.folder, "secret.ts")}\n#EXT-X-ENDLIST\n`,
      );
      const server = await serveFiles(bench.folder);
      try {
        const args = buildProbeArguments(demuxers, limits, server.url("pointer.m3u8"));
        const [refused, permitted] = [
          await probe(args),
          await probe(args.map((arg) => (arg === "http,tcp" ? "http,tcp,file" : arg))),
        ];

        expect({ refusedFound: refused.found, permittedFound: permitted.found }, permitted.log).to.deep.equal(
          { refusedFound: false, permittedFound: true },
        );
        expect(refused.log).to.match(/Protocol 'file' not on whitelist 'http,tcp'/);
      } finally {
        await server.close();
      }
    });

    it("read local files without opening the network addresses they reference", async () => {
      const server = await serveFiles(bench.folder);
      try {
        const path = join(bench.folder, "own.m3u8");
        const secret = server.url("secret.ts");
        await writeFile(path, `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${secret}\n#EXT-X-ENDLIST\n`);

        const probed = await probe(buildProbeArguments(demuxers, limits, path));
        const read = await run([...buildFileInputArguments(demuxers), "-i", path, "-f", "null", "-"], 60);

        expect([probed.found, read.code === 0]).to.deep.equal([false, false]);
        expect(server.requests).to.deep.equal([]);
      } finally {
        await server.close();
      }
    });
  });
};
