import { expect } from "chai";
import fc from "fast-check";
import type { Preset } from "../../../../pipeline/elastic-transcoder/presets/preset.ts";
import {
  findSystemPreset,
  systemPresets,
} from "../../../../pipeline/elastic-transcoder/presets/system-presets.ts";
import { resolveRateControl } from "../../../../pipeline/elastic-transcoder/transcode/bit-rate.ts";
import { planTranscode } from "../../../../pipeline/elastic-transcoder/transcode/transcode.ts";
import { computeFieldRate, resolveOutputFrameRate } from "../../../../pipeline/encoding/frame-rate.ts";
import type { FfmpegStep, PlanContext, PlannedOutput } from "../../../../pipeline/encoding/plan.ts";
import { buildSizingFilters, computeSizing } from "../../../../pipeline/encoding/sizing.ts";
import type { Size } from "../../../../pipeline/media/geometry.ts";
import type { Probe } from "../../../../pipeline/media/probe.ts";
import { bt709Tags, getFrameFilters, scaleHd } from "../../recipes/plan-context.ts";

const clip: Probe = {
  formats: ["mov"],
  durationSeconds: 10,
  video: {
    index: 0,
    codec: "h264",
    codedWidth: 1920,
    codedHeight: 1080,
    width: 1920,
    height: 1080,
    rotation: 0,
    frameRate: 25,
    pixelFormat: "yuv420p",
    interlaced: false,
  },
  audio: { index: 1, codec: "aac", channels: 2, sampleRate: 48_000 },
};
const encoders = [
  ..."libx264 mpeg2video libvpx libvpx-vp9 gif aac libmp3lame mp2 libvorbis flac pcm_s16le pcm_u8".split(" "),
];
const context = (probe: Probe, knownEncoders: readonly string[] = encoders): PlanContext => ({
  source: { url: "http://127.0.0.1:1/x", probe },
  images: {},
  scratchDirectory: "/scratch",
  outputKeys: ["out"],
  capabilities: {
    version: "5.1",
    encoders: new Set(knownEncoders),
    hasOriginOfReadTracks: false,
    hasLuminanceOotf: true,
  },
  limits: { maxSourceMinutes: 60, maxVideoPixels: 1e8, maxImagePixels: 1e8 },
  threads: 2,
});
const plan = (preset: Preset, planContext: PlanContext) => {
  const steps: FfmpegStep[] = [];
  const run = planTranscode(
    { name: "transcode", outputs: [{ key: "out", preset, rotate: "auto" }] },
    planContext,
  );
  let turn = run.next();
  while (turn.done !== true) {
    if (turn.value.kind === "ffmpeg") steps.push(turn.value);
    turn = run.next({ log: "", text: "" });
  }
  const outputs: readonly PlannedOutput[] = turn.value;
  return { steps, output: outputs[0], args: steps.flatMap((step) => step.arguments) };
};
const getPreset = (id: string): Preset => {
  const preset = findSystemPreset(id);
  if (preset === undefined) throw new Error(`There is no preset ${id}.`);
  return preset;
};
const getOption = (args: readonly string[], option: string) => args[args.indexOf(option) + 1];

describe("presets as ffmpeg arguments", () => {
  for (const preset of systemPresets)
    it(`${preset.Id} (${preset.Name}) has a plan`, () => {
      const { steps, output } = plan(preset, context(clip));
      expect(steps).to.have.length(["vp9", "gif"].includes(preset.Video?.Codec ?? "") ? 2 : 1);
      expect(output?.expectation?.durationSeconds).to.equal(10);
      expect(output?.path.startsWith("/scratch/output-0.")).to.equal(true);
    });

  it("asks libx264 for the preset Web's profile, level, rate and GOP", () => {
    const { args } = plan(getPreset("1351620000001-100070"), context(clip));
    expect(
      ["-profile:v", "-level:v", "-b:v", "-g", "-refs"].map((option) => getOption(args, option)),
    ).to.deep.equal(["main", "3.1", "2200k", "90", "3"]);
    expect(args).to.include(
      `[0:0]${getFrameFilters(clip.video)}[s0];[s0]${scaleHd(1280, 720)},format=yuv420p,setsar=1,${bt709Tags},fps=30[v0]`,
    );
  });

  it("sets one second of buffer for a constant rate and fixes the GOP if the preset does", () => {
    const { args } = plan(getPreset("1351620000001-100180"), context(clip));
    expect(getOption(args, "-bufsize")).to.equal("10000k");
    expect(args.join(" ")).to.include("-g 15 -keyint_min 15 -sc_threshold 0");
    expect(args.join(" ")).to.include("fps=60000/1001,tinterlace=interleave_top:flags=vlpf,setfield=tff");
  });

  it("keeps to the source if it lacks a stream, as far as the container allows", () => {
    const silent = plan(getPreset("1351620000001-100070"), context({ ...clip, audio: undefined }));
    const audioOnly = plan(getPreset("1351620000001-100070"), context({ ...clip, video: undefined }));
    expect([silent.output?.expectation?.audio, audioOnly.output?.expectation?.video]).to.deep.equal([
      "none",
      "none",
    ]);
    expect(audioOnly.output?.contentType).to.equal("audio/mp4");
  });

  it("rejects incompatible settings with the code of the reason", () => {
    const catchCode = (preset: Preset, planContext: PlanContext) => {
      try {
        plan(preset, planContext);
        return 0;
      } catch (failure) {
        return failure instanceof Error && "code" in failure ? failure.code : failure;
      }
    };
    const web = getPreset("1351620000001-100070");
    expect(catchCode(getPreset("1351620000001-300040"), context({ ...clip, audio: undefined }))).to.equal(
      4008,
    );
    expect(catchCode(getPreset("1351620000001-100200"), context({ ...clip, video: undefined }))).to.equal(
      4008,
    );
    expect(catchCode(web, context(clip, ["aac"]))).to.equal(4006);
    expect(catchCode({ ...web, Container: "avi" }, context(clip))).to.equal(4006);
    expect(catchCode({ ...web, Video: { Codec: "h266" } }, context(clip))).to.equal(4006);
    expect(catchCode({ ...web, Video: undefined, Audio: undefined }, context(clip))).to.equal(4008);
  });

  it("supports custom presets: automatic rates, legacy resolution, 24-bit FLAC, a looping GIF", () => {
    const web = getPreset("1351620000001-100070");
    const old = plan(
      {
        ...web,
        Video: { Codec: "H.264", Resolution: "640x480", BitRate: "auto", DisplayAspectRatio: "4:3" },
      },
      context(clip),
    );
    expect(old.output?.expectation?.video).to.deep.include({ width: 640, height: 360 });
    expect(old.args).to.include("-crf");
    expect(old.args.join(" ")).to.include("setdar=4/3");
    const flac = plan(
      {
        ...getPreset("1351620000001-300110"),
        Audio: { Codec: "flac", SampleRate: "auto", Channels: "auto", CodecOptions: { BitDepth: "24" } },
      },
      context(clip),
    );
    expect(getOption(flac.args, "-sample_fmt")).to.equal("s32");
    const loop = plan(
      { ...getPreset("1351620000001-100200"), Video: { Codec: "gif", CodecOptions: { LoopCount: "3" } } },
      context({ ...clip, video: clip.video && { ...clip.video, interlaced: true } }),
    );
    expect(getOption(loop.args, "-loop")).to.equal("3");
    expect(loop.args.join(" ")).to.include("yadif");
    const vp8 = plan({ ...getPreset("1351620000001-100240"), Video: { Codec: "vp8" } }, context(clip));
    expect(vp8.args.join(" ")).to.include("-crf 32 -b:v 0");
    const mpeg = plan(
      { ...getPreset("1351620000001-100160"), Video: { Codec: "mpeg2", CodecOptions: {} } },
      context(clip),
    );
    expect(getOption(mpeg.args, "-b:v")).to.equal("6500k");
    const pcm = plan(
      { ...getPreset("1351620000001-300300"), Audio: { Codec: "pcm", SampleRate: "44100", Channels: "2" } },
      context(clip),
    );
    expect(getOption(pcm.args, "-c:a")).to.equal("pcm_s16le");
  });

  it("keeps a slow source's frame rate and lowers a fast one's", () => {
    expect(resolveOutputFrameRate("auto", "30", 25)).to.equal(undefined);
    expect(resolveOutputFrameRate("auto", "29.97", 60)).to.equal("30000/1001");
    expect(resolveOutputFrameRate("23.97", undefined, 60)).to.equal("24000/1001");
    // 25 divides 50 evenly, 24 does not; where the preset names no maximum it is 30.
    expect(resolveOutputFrameRate("auto", "30", 50)).to.equal("25");
    expect(resolveOutputFrameRate("auto", undefined, 60)).to.equal("30");
    expect(resolveOutputFrameRate(undefined, undefined, 59.94)).to.equal("30000/1001");
    expect(resolveOutputFrameRate("auto", "60", 60)).to.equal(undefined);
    expect(resolveOutputFrameRate("auto", "24", 37)).to.equal("24");
    expect(resolveOutputFrameRate("auto", undefined, 100)).to.equal("25");
    expect([computeFieldRate("30000/1001"), computeFieldRate("25")]).to.deep.equal(["60000/1001", "50"]);
  });

  it("keeps rate and buffer within the level, and uses the source's rate for an automatic one", () => {
    const video = (level: string, more: object) => ({
      Codec: "H.264",
      BitRate: "auto",
      ...more,
      CodecOptions: { Level: level, Profile: "main", MaxBitRate: "5000" },
    });
    expect(resolveRateControl(video("3.1", { BitRate: "900" }), clip)).to.deep.equal({
      averageKbps: 900,
      maxKbps: 5000,
      bufferKbits: 14_000,
    });
    expect(resolveRateControl(video("2.1", {}), { ...clip, bitRate: 9_128_000 })).to.deep.equal({
      averageKbps: 4000,
      maxKbps: 5000,
      bufferKbits: 4000,
    });
    expect(
      resolveRateControl({ Codec: "vp8", BitRate: "auto" }, { ...clip, bitRate: 1_128_000 }),
    ).to.deep.equal({
      averageKbps: 1000,
    });
    expect(resolveRateControl({ Codec: "vp8", BitRate: "auto" }, clip)).to.deep.equal({});
  });
});

describe("sizing", () => {
  const side = fc.integer({ min: 2, max: 5000 });
  const request = fc.record({
    source: fc.record({ width: side, height: side }),
    maxWidth: fc.option(side, { nil: undefined }),
    maxHeight: fc.option(side, { nil: undefined }),
    sizingPolicy: fc.constantFrom("Fit", "Fill", "Stretch", "Keep", "ShrinkToFit", "ShrinkToFill"),
    paddingPolicy: fc.constantFrom("Pad", "NoPad"),
  });

  it("is even, within the box, and never enlarged if the policy shrinks", () => {
    fc.assert(
      fc.property(request, (sizing) => {
        const { scale, result } = computeSizing(sizing);
        for (const pixels of [scale.width, scale.height, result.width, result.height])
          expect(pixels % 2).to.equal(0);
        if (sizing.maxWidth !== undefined) expect(result.width).to.be.at.most(Math.max(2, sizing.maxWidth));
        if (sizing.maxHeight !== undefined)
          expect(result.height).to.be.at.most(Math.max(2, sizing.maxHeight));
        if (sizing.sizingPolicy.startsWith("Shrink")) {
          expect(scale.width).to.be.at.most(Math.max(2, sizing.source.width));
          expect(scale.height).to.be.at.most(Math.max(2, sizing.source.height));
        }
      }),
    );
  });

  it("crops for fill and pads for fit", () => {
    const source = { width: 1920, height: 800 };
    const box = { maxWidth: 640, maxHeight: 480 };
    const fill = computeSizing({ source, ...box, sizingPolicy: "Fill", paddingPolicy: "NoPad" });
    const buildScale = ({ width, height }: Size) => [`scale=${width}:${height}`];
    const pad = computeSizing({ source, ...box, sizingPolicy: "Fit", paddingPolicy: "Pad" });
    expect(buildSizingFilters(fill, buildScale).join()).to.equal("scale=1152:480,crop=640:480,setsar=1");
    expect(buildSizingFilters(pad, buildScale).join()).to.equal(
      "scale=640:266,pad=640:480:(ow-iw)/2:(oh-ih)/2,setsar=1",
    );
  });
});
