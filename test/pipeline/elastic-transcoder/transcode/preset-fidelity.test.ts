import { expect } from "chai";
import type {
  AudioParameters,
  Preset,
  VideoParameters,
} from "../../../../pipeline/elastic-transcoder/presets/preset.ts";
import { buildAudioArguments } from "../../../../pipeline/elastic-transcoder/transcode/audio-arguments.ts";
import {
  resolveColorConversion,
  resolveOutputColor,
} from "../../../../pipeline/elastic-transcoder/transcode/color.ts";
import { resolveFieldOrder } from "../../../../pipeline/elastic-transcoder/transcode/field-order.ts";
import {
  buildGopArguments,
  buildH264PresetArguments,
} from "../../../../pipeline/elastic-transcoder/transcode/h264.ts";
import { getCodecFrameRates } from "../../../../pipeline/elastic-transcoder/transcode/rates.ts";
import { buildVideoArguments } from "../../../../pipeline/elastic-transcoder/transcode/video-arguments.ts";
import {
  buildThumbnailFilterChain,
  buildVideoFilterChain,
} from "../../../../pipeline/elastic-transcoder/transcode/video-filter-chain.ts";
import { buildAudioFilters } from "../../../../pipeline/encoding/audio-filters.ts";
import { findNearestFrameRate } from "../../../../pipeline/encoding/frame-rate.ts";
import { jpegFrames } from "../../../../pipeline/encoding/output-color.ts";
import { computeVideoSize } from "../../../../pipeline/encoding/video-size.ts";
import { JobFailure } from "../../../../pipeline/errors/job-error.ts";
import type { VideoProbe } from "../../../../pipeline/media/probe.ts";
import { audioOf, bt709Tags, buildVideoProbe, scaleHd } from "../../recipes/plan-context.ts";

const preset = (Container: string, more: Partial<Preset> = {}): Preset => ({
  Id: "1111111111111-custom",
  Name: "custom",
  Container,
  ...more,
});
const h264 = (
  CodecOptions: Readonly<Record<string, string>>,
  more: Partial<VideoParameters> = {},
): VideoParameters => ({
  Codec: "H.264",
  CodecOptions: { Profile: "main", ...CodecOptions },
  ...more,
});
const catchCode = (act: () => unknown): unknown => {
  try {
    act();
    return undefined;
  } catch (failure) {
    return failure instanceof JobFailure ? failure.code : failure;
  }
};
const getOption = (args: readonly string[], option: string): string | undefined =>
  args.includes(option) ? args[args.indexOf(option) + 1] : undefined;
const source = buildVideoProbe({ width: 1280, height: 720, codedWidth: 1280, codedHeight: 720 });
const plainOutput = { rotate: "auto", isSegmented: false };
const capabilities = { hasLuminanceOotf: true };

describe("a preset's scanning", () => {
  it("is top field first by mode or by default, and bottom first on request", () => {
    const scanning = (InterlacedMode: string) => resolveFieldOrder(preset("mp4"), h264({ InterlacedMode }));
    expect(["Progressive", "TopFirst", "Auto", "BottomFirst"].map(scanning)).to.deep.equal([
      "progressive",
      "top",
      "top",
      "bottom",
    ]);
    expect(
      resolveFieldOrder(preset("webm"), { Codec: "vp8", CodecOptions: { InterlacedMode: "TopFirst" } }),
    ).to.equal("progressive");
  });

  it("is progressive in the baseline profile", () => {
    const scanning = (InterlacedMode: string) => () =>
      resolveFieldOrder(preset("mp4"), h264({ Profile: "baseline", InterlacedMode }));
    expect(scanning("Auto")()).to.equal("progressive");
    expect(catchCode(scanning("TopFirst"))).to.equal(4008);
  });

  it("combines two frames and uses rows in multiples of four", () => {
    const video = h264(
      { InterlacedMode: "BottomFirst" },
      { FrameRate: "25", MaxWidth: "480", MaxHeight: "360" },
    );
    const { rateFilters, size, sizeFilters } = buildVideoFilterChain(
      preset("mp4"),
      video,
      source,
      plainOutput,
      capabilities,
    );

    expect(rateFilters).to.deep.equal(["fps=50", "tinterlace=interleave_bottom:flags=vlpf", "setfield=bff"]);
    expect(size).to.deep.equal({ width: 480, height: 268 });
    expect(sizeFilters).to.deep.equal([
      scaleHd(480, 270),
      "format=yuv420p",
      "crop=480:268",
      "setsar=1",
      bt709Tags,
    ]);
    expect(getOption(buildH264PresetArguments(video, {}, "bottom", undefined), "-x264opts")).to.equal(
      "bff=1",
    );
    const mpeg2 = buildVideoArguments(
      preset("mpg"),
      { Codec: "mpeg2" },
      { averageKbps: 5000 },
      "bottom",
      undefined,
    );
    expect(getOption(mpeg2, "-top")).to.equal("0");
  });
});

describe("a preset's size", () => {
  const computeSize = (settings: object, from = source) => {
    const { sizing, displayAspectRatio } = computeVideoSize(settings, from);
    return {
      scale: [sizing.scale.width, sizing.scale.height],
      result: [sizing.result.width, sizing.result.height],
      displayAspectRatio,
    };
  };

  it("treats auto as 1920 and 1080", () => {
    const fit = { MaxWidth: "auto", MaxHeight: "auto", PaddingPolicy: "NoPad" };
    expect(computeSize({ ...fit, SizingPolicy: "ShrinkToFit" }).result).to.deep.equal([1280, 720]);
    expect(computeSize({ ...fit, SizingPolicy: "Fit" }).result).to.deep.equal([1920, 1080]);
    expect(
      computeSize({ ...fit, SizingPolicy: "ShrinkToFit" }, buildVideoProbe({ width: 3840, height: 2160 }))
        .result,
    ).to.deep.equal([1920, 1080]);
  });

  it("with legacy settings keeps the source's shape, or pads to the requested one", () => {
    expect(computeSize({ Resolution: "640x480" })).to.deep.equal({
      scale: [640, 360],
      result: [640, 360],
      displayAspectRatio: undefined,
    });
    expect(computeSize({ Resolution: "640x480", AspectRatio: "4:3" })).to.deep.equal({
      scale: [640, 360],
      result: [640, 480],
      displayAspectRatio: "4/3",
    });
    // 720×480 displayed as 16:9: its pixels are not square, and the video fills it.
    expect(computeSize({ Resolution: "720x480", AspectRatio: "16:9" })).to.deep.equal({
      scale: [720, 480],
      result: [720, 480],
      displayAspectRatio: "16/9",
    });
    expect(computeSize({ Resolution: "auto" }).result).to.deep.equal([1280, 720]);
    expect(computeSize({ Resolution: "auto", AspectRatio: "4:3" })).to.deep.equal({
      scale: [1280, 720],
      result: [1280, 960],
      displayAspectRatio: undefined,
    });
    const tall = buildVideoProbe({ width: 720, height: 1280 });
    expect(computeSize({ Resolution: "640x480", AspectRatio: "4:3" }, tall)).to.deep.include({
      scale: [270, 480],
      result: [640, 480],
    });
  });

  it("of thumbnails follows the rotated video, without padding and watermarks", () => {
    const { filters, size } = buildThumbnailFilterChain(
      { MaxWidth: "100", MaxHeight: "100" },
      source,
      "90",
      jpegFrames,
      capabilities,
    );
    expect(size).to.deep.equal({ width: 56, height: 100 });
    expect(filters[0]).to.equal("transpose=clock");
  });

  it("returns the position of the video within the padding", () => {
    const video = h264(
      {},
      { MaxWidth: "640", MaxHeight: "640", SizingPolicy: "Fit", PaddingPolicy: "Pad", FrameRate: "25" },
    );
    const { content, size } = buildVideoFilterChain(preset("mp4"), video, source, plainOutput, capabilities);
    expect([content, size]).to.deep.equal([
      { x: 0, y: 140, width: 640, height: 360 },
      { width: 640, height: 640 },
    ]);
  });
});

describe("a preset's colors", () => {
  const hd = { width: 1920, height: 1080 };
  const ntsc = { width: 720, height: 480 };
  const facts = { source: ntsc, result: hd, isInterlaced: true, isSegmented: false };
  const convert = (mode: string, more: object = {}, FrameRate = "29.97") =>
    resolveColorConversion(h264({ ColorSpaceConversionMode: mode }, { FrameRate }), { ...facts, ...more })
      ?.to;

  it("are converted with either spelling of the mode", () => {
    expect(
      ["None", "Bt709ToBt601", "Bt709toBt601", "Bt601toBt709"].map((mode) => convert(mode)),
    ).to.deep.equal([undefined, "bt601", "bt601", "bt709"]);
  });

  it("are converted automatically only between SD and HD, interlaced or not", () => {
    expect(convert("Auto")).to.equal("bt709");
    expect(convert("Auto", { source: hd, result: { width: 720, height: 576 } })).to.equal("bt601");
    expect(convert("Auto", { isInterlaced: false })).to.equal(undefined);
    expect(convert("Auto", { isSegmented: true })).to.equal(undefined);
    expect(convert("Auto", {}, "30")).to.equal(undefined);
    expect(convert("Auto", { source: hd, result: hd })).to.equal(undefined);
    expect(convert("Auto", { source: { width: 640, height: 480 } })).to.equal(undefined);
  });

  it("are converted from the source's tags, else from the matrix that the mode names", () => {
    const to601 = { from: "bt709", to: "bt601" } as const;
    const sd = buildVideoProbe({ codedWidth: 720, codedHeight: 576 });
    const tagged = { ...sd, color: { matrix: "smpte170m" } };
    const resolve = (video: VideoProbe) => resolveOutputColor(h264({}), video, to601);

    expect(resolve(sd).source.matrix).to.equal("bt709");
    expect(resolve(tagged).source.matrix).to.equal("bt601");
    expect(resolve(sd).frames).to.deep.equal({ pixelFormat: "yuv420p", matrix: "bt601" });
  });

  it("stay without a mode, except for VP8 and GIF", () => {
    const video = buildVideoProbe({ color: { matrix: "bt709" } });
    const resolve = (Codec: string) => resolveOutputColor({ Codec }, video, undefined);

    expect(["H.264", "mpeg2", "vp9", "vp8"].map((codec) => resolve(codec).video?.matrix)).to.deep.equal([
      ...["bt709", "bt709", "bt709", "bt601"],
    ]);
    expect(resolve("gif")).to.deep.include({ frames: { pixelFormat: "bgra", matrix: "rgb" } });
    expect(resolve("gif").video).to.equal(undefined);
  });
});

describe("a preset's keyframes", () => {
  it("are placed at segment boundaries unless the distance is fixed", () => {
    const distance = { KeyframesMaxDist: "90" };
    expect(buildGopArguments(h264({}, { ...distance, FixedGOP: "true" }), 5)).to.deep.equal(
      "-g 90 -keyint_min 90 -sc_threshold 0".split(" "),
    );
    expect(buildGopArguments(h264({}, distance), 5)).to.deep.equal([
      "-g",
      "90",
      "-force_key_frames",
      "expr:gte(t,n_forced*5)",
    ]);
    expect(buildGopArguments(h264({}))).to.deep.equal([]);
  });
});

describe("a preset's frame rates", () => {
  it("follow codec and container, and fail with 4008 for others", () => {
    const rates = (container: string, FrameRate: string) => () =>
      getCodecFrameRates(preset(container), { Codec: "mpeg2", FrameRate });
    expect(catchCode(rates("mpg", "15"))).to.equal(4008);
    expect(catchCode(rates("mxf", "30"))).to.equal(4008);
    expect(catchCode(rates("mpg", "30"))).to.equal(undefined);
    expect(getCodecFrameRates(preset("mp4"), h264({}))).to.equal(undefined);
  });

  it("keep every frame of the source if they are automatic", () => {
    expect(findNearestFrameRate(["25", "50"], "12.5")).to.equal("25");
    expect(findNearestFrameRate(["25", "29.97"], "30000/1001")).to.equal("30000/1001");
    expect(findNearestFrameRate(["25", "50"], "120")).to.equal("50");
    const gif = buildVideoFilterChain(
      preset("gif"),
      { Codec: "gif", FrameRate: "60" },
      source,
      plainOutput,
      capabilities,
    );
    expect(gif.rateFilters).to.deep.equal(["fps=50"]);
  });
});

describe("a preset's audio", () => {
  const planAudio = (container: string, audio: Partial<AudioParameters>, channels = 2, sampleRate = 48_000) =>
    buildAudioArguments(
      preset(container),
      { Codec: "AAC", SampleRate: "auto", Channels: "auto", ...audio },
      [audioOf({ channels, sampleRate })],
      "a",
    );

  it("has as many channels as the source and the codec support", () => {
    const channels = (Codec: string, channelCount: number) =>
      getOption(planAudio("mp4", { Codec }, channelCount).encoderArguments, "-ac");
    expect([channels("AAC", 6), channels("AAC", 7), channels("AAC", 12), channels("mp3", 6)]).to.deep.equal([
      "6",
      "6",
      "8",
      "2",
    ]);
    expect(getOption(planAudio("mp4", { Channels: "1" }, 6).encoderArguments, "-ac")).to.equal("1");
  });

  it("has a sample rate that codec and container support", () => {
    const rate = (container: string, Codec: string, SampleRate: string, from: number) =>
      getOption(planAudio(container, { Codec, SampleRate }, 2, from).encoderArguments, "-ar");
    expect(rate("mp3", "mp3", "auto", 96_000)).to.equal("48000");
    expect(rate("mp3", "mp3", "auto", 44_100)).to.equal(undefined);
    expect(rate("flv", "mp3", "auto", 48_000)).to.equal("44100");
    expect(rate("mxf", "pcm", "auto", 44_100)).to.equal("48000");
    expect(rate("flac", "flac", "192000", 44_100)).to.equal("192000");
    for (const [container, Codec, SampleRate] of [
      ["mp4", "AAC", "192000"],
      ["mp3", "mp3", "96000"],
      ["flv", "mp3", "48000"],
      ["mxf", "pcm", "44100"],
    ] as const)
      expect(catchCode(() => planAudio(container, { Codec, SampleRate }))).to.equal(4008);
  });

  it("has a bit depth that PCM in its container supports", () => {
    const pcm = (container: string, CodecOptions: Readonly<Record<string, string>>) =>
      getOption(planAudio(container, { Codec: "pcm", CodecOptions }).encoderArguments, "-c:a");
    expect(["8", "16", "24", "32"].map((BitDepth) => pcm("wav", { BitDepth }))).to.deep.equal([
      "pcm_u8",
      "pcm_s16le",
      "pcm_s24le",
      "pcm_s32le",
    ]);
    expect(catchCode(() => pcm("mxf", { BitDepth: "32" }))).to.equal(4008);
    expect(catchCode(() => pcm("wav", { BitDepth: "24", Signed: "Unsigned" }))).to.equal(4008);
    expect(pcm("wav", { BitDepth: "8", Signed: "Unsigned" })).to.equal("pcm_u8");
  });

  it("has the supported bit rate nearest to the request", () => {
    const rate = (Codec: string, BitRate: string, SampleRate = "44100", Channels = "2") =>
      getOption(planAudio("x", { Codec, BitRate, SampleRate, Channels }).encoderArguments, "-b:a");
    expect([rate("mp2", "100"), rate("mp2", "320", "22050"), rate("AAC", "61")]).to.deep.equal([
      "96k",
      "160k",
      "61k",
    ]);
    expect([rate("vorbis", "16"), rate("vorbis", "320", "44100", "1"), rate("vorbis", "128")]).to.deep.equal([
      "45k",
      "240k",
      "128k",
    ]);
    expect(
      getOption(
        planAudio("ogg", { Codec: "vorbis", BitRate: "128", SampleRate: "96000" }).encoderArguments,
        "-q:a",
      ),
    ).to.equal("4");
    expect(rate("flac", "128")).to.equal(undefined);
  });

  it("has one track per channel, with up to eight silent ones", () => {
    const tracks = (AudioPackingMode: string, Channels: string, channels = 2) =>
      planAudio("mxf", { Codec: "pcm", AudioPackingMode, Channels }, channels);
    const two = tracks("OneChannelPerTrack", "2", 6);
    expect(two.mapArguments).to.deep.equal(["-map", "[a0]", "-map", "[a1]"]);
    expect(two.filterGraph).to.equal(
      [
        `[0:1]${buildAudioFilters([audioOf({ channels: 6 })], { sampleRate: "source", ceilingDbtp: -0.5 }, "as")},asplit=2[ap0][ap1]`,
        "[ap0]pan=mono|c0=c0[a0]",
        "[ap1]pan=mono|c0=c1[a1]",
      ].join(";"),
    );
    expect(tracks("OneChannelPerTrack", "auto", 6).filterGraph).to.match(/^\[0:1\]aresample=[^,]+,asplit=6/);
    const eight = tracks("OneChannelPerTrackWithMosTo8Tracks", "1");
    expect(eight.mapArguments).to.have.length(16);
    expect(eight.filterGraph?.match(/c0=0\*c0/g)).to.have.length(7);
    expect(tracks("SingleTrack", "2").filterGraph).to.equal(undefined);
  });
});
