import { expect } from "chai";
import fc from "fast-check";
import type { Probe } from "../../../pipeline/media/probe.ts";
import type { FfmpegStep, PlanContext, PlannedOutput } from "../../../pipeline/recipes/plan.ts";
import { rateControl } from "../../../pipeline/transcoder/bit-rate.ts";
import { fieldRate, outputRate } from "../../../pipeline/transcoder/frame-rate.ts";
import type { Preset } from "../../../pipeline/transcoder/preset.ts";
import { sizePicture, sizingFilters } from "../../../pipeline/transcoder/sizing.ts";
import { systemPreset, systemPresets } from "../../../pipeline/transcoder/system-presets.ts";
import { transcode } from "../../../pipeline/transcoder/transcode.ts";

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
const context = (probe: Probe, known: readonly string[] = encoders): PlanContext => ({
  source: { url: "http://127.0.0.1:1/x", probe },
  images: {},
  scratch: "/scratch",
  outputKeys: ["out"],
  capabilities: {
    version: "5.1",
    encoders: new Set(known),
    muxers: new Set(),
    filters: new Set(),
    statsPeriod: true,
  },
  limits: { maxSourceMinutes: 60, maxVideoPixels: 1e8, maxImagePixels: 1e8 },
  threads: 2,
});
const plan = (preset: Preset, given: PlanContext) => {
  const steps: FfmpegStep[] = [];
  const run = transcode({ name: "transcode", outputs: [{ key: "out", preset, rotate: "auto" }] }, given);
  let turn = run.next();
  while (turn.done !== true) {
    if (turn.value.kind === "ffmpeg") steps.push(turn.value);
    turn = run.next({ log: "", text: "" });
  }
  const outputs: readonly PlannedOutput[] = turn.value;
  return { steps, output: outputs[0], words: steps.flatMap((step) => step.arguments) };
};
const named = (id: string): Preset => {
  const preset = systemPreset(id);
  if (preset === undefined) throw new Error(`There is no preset ${id}.`);
  return preset;
};
const follows = (words: readonly string[], option: string) => words[words.indexOf(option) + 1];

describe("presets as ffmpeg arguments", () => {
  for (const preset of systemPresets)
    it(`${preset.Id} (${preset.Name}) has a plan`, () => {
      const { steps, output } = plan(preset, context(clip));
      expect(steps).to.have.length(["vp9", "gif"].includes(preset.Video?.Codec ?? "") ? 2 : 1);
      expect(output?.expect?.durationSeconds).to.equal(10);
      expect(output?.path.startsWith("/scratch/output-0.")).to.equal(true);
    });

  it("asks libx264 for the preset Web's profile, level, rate and GOP", () => {
    const { words } = plan(named("1351620000001-100070"), context(clip));
    expect(
      ["-profile:v", "-level:v", "-b:v", "-g", "-refs"].map((option) => follows(words, option)),
    ).to.deep.equal(["main", "3.1", "2200k", "90", "3"]);
    expect(words).to.include("[0:0]scale=1280:720:flags=bicubic,setsar=1,fps=30[v0]");
  });

  it("holds one second of a constant rate and fixes the GOP where the preset says so", () => {
    const { words } = plan(named("1351620000001-100180"), context(clip));
    expect(follows(words, "-bufsize")).to.equal("10000k");
    expect(words.join(" ")).to.include("-g 15 -keyint_min 15 -sc_threshold 0");
    expect(words.join(" ")).to.include("fps=60000/1001,tinterlace=interleave_top:flags=vlpf,setfield=tff");
  });

  it("keeps to the source where it lacks a stream, as far as the container allows", () => {
    const silent = plan(named("1351620000001-100070"), context({ ...clip, audio: undefined }));
    const sound = plan(named("1351620000001-100070"), context({ ...clip, video: undefined }));
    expect({ audio: silent.output?.expect?.audio, video: sound.output?.expect?.video }).to.deep.equal({
      audio: "none",
      video: "none",
    });
    expect(sound.output?.contentType).to.equal("audio/mp4");
  });

  it("refuses what does not fit, with the code of the reason", () => {
    const code = (preset: Preset, given: PlanContext) => {
      try {
        plan(preset, given);
        return 0;
      } catch (failure) {
        return failure instanceof Error && "code" in failure ? failure.code : failure;
      }
    };
    const web = named("1351620000001-100070");
    expect(code(named("1351620000001-300040"), context({ ...clip, audio: undefined }))).to.equal(4008);
    expect(code(named("1351620000001-100200"), context({ ...clip, video: undefined }))).to.equal(4008);
    expect(code(web, context(clip, ["aac"]))).to.equal(4006);
    expect(code({ ...web, Container: "avi" }, context(clip))).to.equal(4006);
    expect(code({ ...web, Video: { Codec: "h266" } }, context(clip))).to.equal(4006);
    expect(code({ ...web, Video: undefined, Audio: undefined }, context(clip))).to.equal(4008);
  });

  it("takes custom presets: automatic rates, the old resolution, 24-bit FLAC, a looping GIF", () => {
    const web = named("1351620000001-100070");
    const old = plan(
      {
        ...web,
        Video: { Codec: "H.264", Resolution: "640x480", BitRate: "auto", DisplayAspectRatio: "4:3" },
      },
      context(clip),
    );
    expect(old.output?.expect?.video).to.deep.include({ width: 640, height: 360 });
    expect(old.words).to.include("-crf");
    expect(old.words.join(" ")).to.include("setdar=4/3");
    const flac = plan(
      {
        ...named("1351620000001-300110"),
        Audio: { Codec: "flac", SampleRate: "auto", Channels: "auto", CodecOptions: { BitDepth: "24" } },
      },
      context(clip),
    );
    expect(follows(flac.words, "-sample_fmt")).to.equal("s32");
    const loop = plan(
      { ...named("1351620000001-100200"), Video: { Codec: "gif", CodecOptions: { LoopCount: "3" } } },
      context({ ...clip, video: clip.video && { ...clip.video, interlaced: true } }),
    );
    expect(follows(loop.words, "-loop")).to.equal("3");
    expect(loop.words.join(" ")).to.include("yadif");
    const vp8 = plan({ ...named("1351620000001-100240"), Video: { Codec: "vp8" } }, context(clip));
    expect(vp8.words.join(" ")).to.include("-crf 32 -b:v 0");
    const mpeg = plan(
      { ...named("1351620000001-100160"), Video: { Codec: "mpeg2", CodecOptions: {} } },
      context(clip),
    );
    expect(follows(mpeg.words, "-b:v")).to.equal("6500k");
    const pcm = plan(
      { ...named("1351620000001-300300"), Audio: { Codec: "pcm", SampleRate: "44100", Channels: "2" } },
      context(clip),
    );
    expect(follows(pcm.words, "-c:a")).to.equal("pcm_s16le");
  });

  it("keeps a slow source's frame rate and lowers a fast one's", () => {
    expect(outputRate("auto", "30", 25)).to.equal(undefined);
    expect(outputRate("auto", "29.97", 60)).to.equal("30000/1001");
    expect(outputRate("23.97", undefined, 60)).to.equal("24000/1001");
    // 25 divides 50 evenly, 24 does not; where the preset names no maximum it is 30.
    expect(outputRate("auto", "30", 50)).to.equal("25");
    expect(outputRate("auto", undefined, 60)).to.equal("30");
    expect(outputRate(undefined, undefined, 59.94)).to.equal("30000/1001");
    expect(outputRate("auto", "60", 60)).to.equal(undefined);
    expect(outputRate("auto", "24", 37)).to.equal("24");
    expect(outputRate("auto", undefined, 100)).to.equal("25");
    expect([fieldRate("30000/1001"), fieldRate("25")]).to.deep.equal(["60000/1001", "50"]);
  });

  it("holds rate and buffer within the level, and takes the source's rate for an automatic one", () => {
    const video = (level: string, more: object) => ({
      Codec: "H.264",
      BitRate: "auto",
      ...more,
      CodecOptions: { Level: level, Profile: "main", MaxBitRate: "5000" },
    });
    expect(rateControl(video("3.1", { BitRate: "900" }), clip)).to.deep.equal({
      average: 900,
      maximum: 5000,
      buffer: 14_000,
    });
    expect(rateControl(video("2.1", {}), { ...clip, bitRate: 9_128_000 })).to.deep.equal({
      average: 4000,
      maximum: 5000,
      buffer: 4000,
    });
    expect(rateControl({ Codec: "vp8", BitRate: "auto" }, { ...clip, bitRate: 1_128_000 })).to.deep.equal({
      average: 1000,
    });
    expect(rateControl({ Codec: "vp8", BitRate: "auto" }, clip)).to.deep.equal({});
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

  it("is even and inside the box, and never enlarged where the policy shrinks", () => {
    fc.assert(
      fc.property(request, (given) => {
        const { scale, result } = sizePicture(given);
        for (const pixels of [scale.width, scale.height, result.width, result.height])
          expect(pixels % 2).to.equal(0);
        if (given.maxWidth !== undefined) expect(result.width).to.be.at.most(Math.max(2, given.maxWidth));
        if (given.maxHeight !== undefined) expect(result.height).to.be.at.most(Math.max(2, given.maxHeight));
        if (given.sizingPolicy.startsWith("Shrink")) {
          expect(scale.width).to.be.at.most(Math.max(2, given.source.width));
          expect(scale.height).to.be.at.most(Math.max(2, given.source.height));
        }
      }),
    );
  });

  it("cuts what fills and pads what fits", () => {
    const source = { width: 1920, height: 800 };
    const box = { maxWidth: 640, maxHeight: 480 };
    const fill = sizePicture({ source, ...box, sizingPolicy: "Fill", paddingPolicy: "NoPad" });
    const pad = sizePicture({ source, ...box, sizingPolicy: "Fit", paddingPolicy: "Pad" });
    expect(sizingFilters(fill).join()).to.equal("scale=1152:480:flags=bicubic,crop=640:480,setsar=1");
    expect(sizingFilters(pad).join()).to.equal(
      "scale=640:266:flags=bicubic,pad=640:480:(ow-iw)/2:(oh-ih)/2,setsar=1",
    );
  });
});
