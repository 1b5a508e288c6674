import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Preset } from "../../pipeline/elastic-transcoder/presets/preset.ts";
import { findSystemPreset } from "../../pipeline/elastic-transcoder/presets/system-presets.ts";
import type { TranscodeOutput } from "../../pipeline/elastic-transcoder/transcode/transcode-recipe.ts";
import { drivePlan, type ProducedFile } from "./drive-plan.ts";
import { type FileServer, serveFiles } from "./file-server.ts";
import { type MediaPrograms, packagedPrograms, withRememberedProbes } from "./media-programs.ts";
import { buildPresetExpectation } from "./preset-expectation.ts";

const lavfi = (graph: string) => ["-f", "lavfi", "-i", graph];
const source = [...lavfi("testsrc2=s=640x360:r=25:d=1"), ...lavfi("sine=f=440:r=48000:d=1")];

/** Seconds of the clip `complex.mp4`: in fewer, single-pass encoders do not reach their bit rate. */
export const complexSeconds = 4;
/**
 * Seconds of the clip `long-complex.mp4`: an encoder that must not exceed its average bit rate either spends less at
 * first, and the more the larger its buffer is.
 */
export const longComplexSeconds = 6;
const longComplex = [
  ...lavfi(`mandelbrot=s=1280x720:r=30:start_scale=0.4:end_scale=0.05:end_pts=200`),
  ...lavfi("anoisesrc=c=pink:r=48000:a=0.3"),
  ...["-t", String(longComplexSeconds), "-vf", "noise=alls=20:allf=t,format=yuv420p"],
  ...["-c:v", "libx264", "-preset", "ultrafast", "-crf", "10", "-c:a", "aac", "-b:a", "320k", "-ac", "2"],
];

export interface PresetBench {
  readonly transcode: (
    preset: Preset,
    clip: string,
    rotate?: TranscodeOutput["rotate"],
  ) => Promise<ProducedFile>;
}

/**
 * Opens and closes around the tests that are described with it.
 *
 * @param withComplex makes `complex.mp4` and `long-complex.mp4` too, clips that take all the bits an encoder may spend
 */
export const createPresetBench = (build: MediaPrograms, withComplex = false): PresetBench => {
  const programs = withRememberedProbes(build);
  let folder = "";
  let server: FileServer | undefined;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-presets-"));
    const makeSource = (name: string, args: readonly string[]) =>
      packagedPrograms().ffmpeg([...args, join(folder, name)]);
    const codecs = [..."-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac".split(" ")];
    await makeSource("clip.mp4", [...source, ...codecs, "-ac", "2"]);
    await makeSource("clocked.mkv", [
      ...lavfi("testsrc2=s=320x180:r=1000:d=1"),
      ...["-vf", "select='not(mod(n,33))+not(mod(n+7,131))'", "-vsync", "vfr", ...codecs],
    ]);
    if (withComplex) {
      await makeSource("long-complex.mp4", longComplex);
      const shorten = ["-i", join(folder, "long-complex.mp4"), "-t", String(complexSeconds), "-c", "copy"];
      await makeSource("complex.mp4", shorten);
    }
    server = await serveFiles(folder);
  });
  after(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    async transcode(preset, clip, rotate = "auto") {
      const [output] = await drivePlan(programs, {
        recipe: { name: "transcode", outputs: [{ key: "out", preset, rotate }] },
        url: server?.url(clip) ?? "",
        outputKeys: ["out"],
        folder,
      });
      if (output === undefined) throw new Error("nothing was made");
      expect(output.problems).to.deep.equal([]);
      return output;
    },
  };
};

const getPreset = (id: string): Preset => {
  const preset = findSystemPreset(id);
  if (preset === undefined) throw new Error(`There is no preset ${id}.`);
  return preset;
};

/** Each preset on a real clip, and the content of its output. A missing codec is a failure with 4006. */
export const describePresets = (programs: MediaPrograms, presets: readonly Preset[]): void => {
  describe(`system presets with ${programs.build}`, function () {
    this.timeout(120_000);
    const { transcode } = createPresetBench(programs);

    for (const preset of presets)
      it(`${preset.Id} (${preset.Name}) produces what it declares`, async () => {
        const { probe } = await transcode(preset, "clip.mp4");

        expect({
          formats: probe?.formats.join(),
          video: probe?.video && {
            codec: probe.video.codec,
            size: [probe.video.codedWidth, probe.video.codedHeight],
            pixelFormat: probe.video.pixelFormat,
          },
          audio: probe?.audio && {
            codec: probe.audio.codec,
            sampleRate: probe.audio.sampleRate,
            channels: probe.audio.channels,
          },
        }).to.deep.equal(buildPresetExpectation(preset));
      });

    const web = getPreset("1351620000001-100070");
    for (const [rotate, width, height] of [
      ["0", 640, 360],
      ["90", 360, 640],
      ["180", 640, 360],
      ["270", 360, 640],
    ] as const)
      it(`rotates video by ${rotate} degrees`, async () => {
        const { probe } = await transcode(web, "clip.mp4", rotate);

        expect({ width: probe?.video?.width, height: probe?.video?.height }).to.deep.equal({ width, height });
      });

    it("gives a constant rate to a recording whose time base resembles a frame rate", async () => {
      const preset = {
        ...web,
        Video: web.Video && { ...web.Video, FrameRate: "auto", MaxFrameRate: undefined },
      };
      const { probe } = await transcode(preset, "clocked.mkv");

      expect(probe?.video?.frameRate).to.be.within(29, 31);
    });
  });
};
