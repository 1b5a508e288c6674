import { expect } from "chai";
import { JobFailure } from "../../../pipeline/job/error.ts";
import { soundArguments } from "../../../pipeline/transcoder/audio-arguments.ts";
import { colorConversion, colorTags, matrixOptions } from "../../../pipeline/transcoder/color.ts";
import { nearestRate } from "../../../pipeline/transcoder/frame-rate.ts";
import { gopArguments, h264PresetArguments } from "../../../pipeline/transcoder/h264.ts";
import { pictureChain, thumbnailChain } from "../../../pipeline/transcoder/picture-chain.ts";
import { pictureSize } from "../../../pipeline/transcoder/picture-size.ts";
import type { AudioParameters, Preset, VideoParameters } from "../../../pipeline/transcoder/preset.ts";
import { codecRates } from "../../../pipeline/transcoder/rates.ts";
import { scanningOf } from "../../../pipeline/transcoder/scanning.ts";
import { videoArguments } from "../../../pipeline/transcoder/video-arguments.ts";
import { soundOf, videoOf } from "../recipes/plan-context.ts";

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
const codeOf = (act: () => unknown): unknown => {
  try {
    act();
    return undefined;
  } catch (failure) {
    return failure instanceof JobFailure ? failure.code : failure;
  }
};
const optionIn = (words: readonly string[], option: string): string | undefined =>
  words.includes(option) ? words[words.indexOf(option) + 1] : undefined;
const source = videoOf({ width: 1280, height: 720, codedWidth: 1280, codedHeight: 720 });
const plainly = { rotate: "auto", segmented: false };

describe("a preset's scanning", () => {
  it("is top field first where the mode says so or leaves it to us, and bottom first on demand", () => {
    const scanning = (InterlacedMode: string) => scanningOf(preset("mp4"), h264({ InterlacedMode }));
    expect(["Progressive", "TopFirst", "Auto", "BottomFirst"].map(scanning)).to.deep.equal([
      "progressive",
      "top",
      "top",
      "bottom",
    ]);
    expect(
      scanningOf(preset("webm"), { Codec: "vp8", CodecOptions: { InterlacedMode: "TopFirst" } }),
    ).to.equal("progressive");
  });

  it("is none in the baseline profile", () => {
    const scanning = (InterlacedMode: string) => () =>
      scanningOf(preset("mp4"), h264({ Profile: "baseline", InterlacedMode }));
    expect(scanning("Auto")()).to.equal("progressive");
    expect(codeOf(scanning("TopFirst"))).to.equal(4008);
  });

  it("takes two frames for one and rows in fours", () => {
    const video = h264(
      { InterlacedMode: "BottomFirst" },
      { FrameRate: "25", MaxWidth: "480", MaxHeight: "360" },
    );
    const { timed, size, sized } = pictureChain(preset("mp4"), video, source, plainly);

    expect(timed).to.deep.equal(["fps=50", "tinterlace=interleave_bottom:flags=vlpf", "setfield=bff"]);
    expect(size).to.deep.equal({ width: 480, height: 268 });
    expect(sized).to.deep.equal(["scale=480:270:flags=bicubic", "crop=480:268", "setsar=1"]);
    expect(optionIn(h264PresetArguments(video, {}, "bottom", undefined), "-x264opts")).to.equal("bff=1");
    const mpeg2 = videoArguments(preset("mpg"), { Codec: "mpeg2" }, { average: 5000 }, "bottom", undefined);
    expect(optionIn(mpeg2, "-top")).to.equal("0");
  });
});

describe("a preset's size", () => {
  const sizeOf = (given: object, from = source) => {
    const { sizing, display } = pictureSize(given, from);
    return {
      scale: [sizing.scale.width, sizing.scale.height],
      result: [sizing.result.width, sizing.result.height],
      display,
    };
  };

  it("takes auto for 1920 and 1080", () => {
    const fit = { MaxWidth: "auto", MaxHeight: "auto", PaddingPolicy: "NoPad" };
    expect(sizeOf({ ...fit, SizingPolicy: "ShrinkToFit" }).result).to.deep.equal([1280, 720]);
    expect(sizeOf({ ...fit, SizingPolicy: "Fit" }).result).to.deep.equal([1920, 1080]);
    expect(
      sizeOf({ ...fit, SizingPolicy: "ShrinkToFit" }, videoOf({ width: 3840, height: 2160 })).result,
    ).to.deep.equal([1920, 1080]);
  });

  it("in the old way keeps the source's shape, or puts it between bars in the shape that is asked for", () => {
    expect(sizeOf({ Resolution: "640x480" })).to.deep.equal({
      scale: [640, 360],
      result: [640, 360],
      display: undefined,
    });
    expect(sizeOf({ Resolution: "640x480", AspectRatio: "4:3" })).to.deep.equal({
      scale: [640, 360],
      result: [640, 480],
      display: "4/3",
    });
    // 720×480 shown as 16:9: its pixels are not square, and the picture fills it.
    expect(sizeOf({ Resolution: "720x480", AspectRatio: "16:9" })).to.deep.equal({
      scale: [720, 480],
      result: [720, 480],
      display: "16/9",
    });
    expect(sizeOf({ Resolution: "auto" }).result).to.deep.equal([1280, 720]);
    expect(sizeOf({ Resolution: "auto", AspectRatio: "4:3" })).to.deep.equal({
      scale: [1280, 720],
      result: [1280, 960],
      display: undefined,
    });
    const tall = videoOf({ width: 720, height: 1280 });
    expect(sizeOf({ Resolution: "640x480", AspectRatio: "4:3" }, tall)).to.deep.include({
      scale: [270, 480],
      result: [640, 480],
    });
  });

  it("of thumbnails is taken of the picture as it is turned, without bars and watermarks", () => {
    const { filters, size } = thumbnailChain({ MaxWidth: "100", MaxHeight: "100" }, source, "90");
    expect(size).to.deep.equal({ width: 56, height: 100 });
    expect(filters[0]).to.equal("transpose=clock");
  });

  it("says where the picture lies between its bars", () => {
    const video = h264(
      {},
      { MaxWidth: "640", MaxHeight: "640", SizingPolicy: "Fit", PaddingPolicy: "Pad", FrameRate: "25" },
    );
    const { content, size } = pictureChain(preset("mp4"), video, source, plainly);
    expect({ content, size }).to.deep.equal({
      content: { x: 0, y: 140, width: 640, height: 360 },
      size: { width: 640, height: 640 },
    });
  });
});

describe("a preset's colours", () => {
  const hd = { width: 1920, height: 1080 };
  const ntsc = { width: 720, height: 480 };
  const facts = { source: ntsc, result: hd, interlaced: true, segmented: false };
  const convert = (mode: string, more: object = {}, FrameRate = "29.97") =>
    colorConversion(h264({ ColorSpaceConversionMode: mode }, { FrameRate }), { ...facts, ...more })?.to;

  it("are converted by either spelling of the mode", () => {
    expect(
      ["None", "Bt709ToBt601", "Bt709toBt601", "Bt601toBt709"].map((mode) => convert(mode)),
    ).to.deep.equal([undefined, "bt601", "bt601", "bt709"]);
  });

  it("are converted automatically between the two sizes of television alone, interlaced and whole", () => {
    expect(convert("Auto")).to.equal("bt709");
    expect(convert("Auto", { source: hd, result: { width: 720, height: 576 } })).to.equal("bt601");
    expect(convert("Auto", { interlaced: false })).to.equal(undefined);
    expect(convert("Auto", { segmented: true })).to.equal(undefined);
    expect(convert("Auto", {}, "30")).to.equal(undefined);
    expect(convert("Auto", { source: hd, result: hd })).to.equal(undefined);
    expect(convert("Auto", { source: { width: 640, height: 480 } })).to.equal(undefined);
  });

  it("are told to the scaler and written into the stream", () => {
    const to601 = { from: "bt709", to: "bt601" } as const;
    expect(matrixOptions(to601)).to.equal(":in_color_matrix=bt709:out_color_matrix=bt601");
    expect(optionIn(colorTags(to601), "-colorspace")).to.equal("smpte170m");
    expect({ matrixOptions: matrixOptions(undefined), colorTags: colorTags(undefined) }).to.deep.equal({
      matrixOptions: "",
      colorTags: [],
    });
  });
});

describe("a preset's keyframes", () => {
  it("stand at the borders of segments unless their distance is fixed", () => {
    const distance = { KeyframesMaxDist: "90" };
    expect(gopArguments(h264({}, { ...distance, FixedGOP: "true" }), 5)).to.deep.equal(
      "-g 90 -keyint_min 90 -sc_threshold 0".split(" "),
    );
    expect(gopArguments(h264({}, distance), 5)).to.deep.equal([
      "-g",
      "90",
      "-force_key_frames",
      "expr:gte(t,n_forced*5)",
    ]);
    expect(gopArguments(h264({}))).to.deep.equal([]);
  });
});

describe("a preset's rates of frames", () => {
  it("are those of its codec and container, and 4008 where it names another", () => {
    const rates = (container: string, FrameRate: string) => () =>
      codecRates(preset(container), { Codec: "mpeg2", FrameRate });
    expect(codeOf(rates("mpg", "15"))).to.equal(4008);
    expect(codeOf(rates("mxf", "30"))).to.equal(4008);
    expect(codeOf(rates("mpg", "30"))).to.equal(undefined);
    expect(codecRates(preset("mp4"), h264({}))).to.equal(undefined);
  });

  it("show every frame of the source where they are automatic", () => {
    expect(nearestRate(["25", "50"], "12.5")).to.equal("25");
    expect(nearestRate(["25", "29.97"], "30000/1001")).to.equal("30000/1001");
    expect(nearestRate(["25", "50"], "120")).to.equal("50");
    const gif = pictureChain(preset("gif"), { Codec: "gif", FrameRate: "60" }, source, plainly);
    expect(gif.timed).to.deep.equal(["fps=50"]);
  });
});

describe("a preset's sound", () => {
  const sound = (container: string, audio: Partial<AudioParameters>, channels = 2, sampleRate = 48_000) =>
    soundArguments(
      preset(container),
      { Codec: "AAC", SampleRate: "auto", Channels: "auto", ...audio },
      soundOf({ channels, sampleRate }),
      "a",
    );

  it("has as many channels as the source and the codec have", () => {
    const channels = (Codec: string, given: number) => optionIn(sound("mp4", { Codec }, given).codec, "-ac");
    expect([channels("AAC", 6), channels("AAC", 7), channels("AAC", 12), channels("mp3", 6)]).to.deep.equal([
      "6",
      "6",
      "8",
      "2",
    ]);
    expect(optionIn(sound("mp4", { Channels: "1" }, 6).codec, "-ac")).to.equal("1");
  });

  it("has a rate of samples that codec and container have", () => {
    const rate = (container: string, Codec: string, SampleRate: string, from: number) =>
      optionIn(sound(container, { Codec, SampleRate }, 2, from).codec, "-ar");
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
      expect(codeOf(() => sound(container, { Codec, SampleRate }))).to.equal(4008);
  });

  it("has bits that PCM has in its container", () => {
    const pcm = (container: string, CodecOptions: Readonly<Record<string, string>>) =>
      optionIn(sound(container, { Codec: "pcm", CodecOptions }).codec, "-c:a");
    expect(["8", "16", "24", "32"].map((BitDepth) => pcm("wav", { BitDepth }))).to.deep.equal([
      "pcm_u8",
      "pcm_s16le",
      "pcm_s24le",
      "pcm_s32le",
    ]);
    expect(codeOf(() => pcm("mxf", { BitDepth: "32" }))).to.equal(4008);
    expect(codeOf(() => pcm("wav", { BitDepth: "24", Signed: "Unsigned" }))).to.equal(4008);
    expect(pcm("wav", { BitDepth: "8", Signed: "Unsigned" })).to.equal("pcm_u8");
  });

  it("has a bit rate next to what is asked for", () => {
    const rate = (Codec: string, BitRate: string, SampleRate = "44100", Channels = "2") =>
      optionIn(sound("x", { Codec, BitRate, SampleRate, Channels }).codec, "-b:a");
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
      optionIn(sound("ogg", { Codec: "vorbis", BitRate: "128", SampleRate: "96000" }).codec, "-q:a"),
    ).to.equal("4");
    expect(rate("flac", "128")).to.equal(undefined);
  });

  it("has a track for each channel, silent ones up to eight", () => {
    const tracks = (AudioPackingMode: string, Channels: string, channels = 2) =>
      sound("mxf", { Codec: "pcm", AudioPackingMode, Channels }, channels);
    const two = tracks("OneChannelPerTrack", "2", 6);
    expect(two.maps).to.deep.equal(["-map", "[a0]", "-map", "[a1]"]);
    expect(two.graph).to.equal(
      "[0:1]aformat=channel_layouts=stereo,asplit=2[ap0][ap1];[ap0]pan=mono|c0=c0[a0];[ap1]pan=mono|c0=c1[a1]",
    );
    expect(tracks("OneChannelPerTrack", "auto", 6).graph).to.match(/^\[0:1\]anull,asplit=6/);
    const eight = tracks("OneChannelPerTrackWithMosTo8Tracks", "1");
    expect(eight.maps).to.have.length(16);
    expect(eight.graph?.match(/c0=0\*c0/g)).to.have.length(7);
    expect(tracks("SingleTrack", "2").graph).to.equal(undefined);
  });
});
