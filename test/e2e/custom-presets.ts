import fc from "fast-check";
import { parseCreatePreset } from "../../pipeline/elastic-transcoder/api/requests/create-preset.ts";
import { buildPreset } from "../../pipeline/elastic-transcoder/presets/build-preset.ts";
import type { Preset } from "../../pipeline/elastic-transcoder/presets/preset.ts";

/** Containers with their codecs. */
const kinds: readonly (readonly [container: string, video: string | undefined, audio: string | undefined])[] =
  [
    ["flac", undefined, "flac"],
    ["flv", "H.264", "AAC"],
    ["flv", "H.264", "mp3"],
    ["flv", undefined, "mp3"],
    ["fmp4", "H.264", "AAC"],
    ["fmp4", "H.264", undefined],
    ["fmp4", undefined, "AAC"],
    ["gif", "gif", undefined],
    ["mp3", undefined, "mp3"],
    ["mp4", "H.264", "AAC"],
    ["mp4", "H.264", "mp3"],
    ["mp4", undefined, "AAC"],
    ["mpg", "mpeg2", "mp2"],
    ["mpg", "mpeg2", undefined],
    ["mxf", "mpeg2", "pcm"],
    ["mxf", "mpeg2", undefined],
    ["oga", undefined, "flac"],
    ["ogg", undefined, "vorbis"],
    ["ts", "H.264", "AAC"],
    ["ts", "H.264", "mp3"],
    ["ts", "H.264", undefined],
    ["ts", undefined, "AAC"],
    ["wav", undefined, "pcm"],
    ["webm", "vp8", "vorbis"],
    ["webm", "vp9", "vorbis"],
  ];

const oneOf = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const rateControl = {
  MaxBitRate: optional(oneOf("16", "300", "2000", "62500")),
  BufferSize: optional(oneOf("1", "1000", "9999999")),
};
const broadcast = {
  InterlacedMode: optional(oneOf("Progressive", "TopFirst", "BottomFirst", "Auto")),
  ColorSpaceConversionMode: optional(oneOf("None", "Bt709ToBt601", "Bt601toBt709", "Auto")),
};
const videoOptions: Readonly<Record<string, fc.Arbitrary<object>>> = {
  "H.264": fc.record({
    Profile: oneOf("baseline", "main", "high"),
    Level: oneOf("1", "1b", "1.3", "2.1", "3", "3.2", "4.1"),
    MaxReferenceFrames: oneOf("0", "1", "4", "16"),
    ...rateControl,
    ...broadcast,
  }),
  mpeg2: fc.record({
    ChromaSubsampling: optional(oneOf("yuv420p", "yuv422p")),
    ...rateControl,
    ...broadcast,
  }),
  vp8: fc.record({ Profile: optional(oneOf("0", "1", "2", "3")), ...rateControl }),
  vp9: fc.record({ Profile: optional(oneOf("0")), ...rateControl }),
  gif: fc.record({ LoopCount: optional(oneOf("Infinite", "0", "100")) }),
};
const audioOptions: Readonly<Record<string, fc.Arbitrary<object>>> = {
  AAC: fc.record({ Profile: optional(oneOf("auto", "AAC-LC", "HE-AAC", "HE-AACv2")) }),
  flac: fc.record({ BitDepth: optional(oneOf("16", "24")) }),
  pcm: fc.record({
    BitDepth: optional(oneOf("8", "16", "24", "32")),
    Signed: optional(oneOf("Signed", "Unsigned")),
  }),
};

const aspect = oneOf("auto", "1:1", "4:3", "3:2", "16:9");
const newSize = fc.record({
  MaxWidth: oneOf("auto", "128", "318", "640"),
  MaxHeight: oneOf("auto", "96", "182", "480"),
  SizingPolicy: oneOf("Fit", "Fill", "Stretch", "Keep", "ShrinkToFit", "ShrinkToFill"),
  PaddingPolicy: oneOf("Pad", "NoPad"),
});
const oldSize = fc.record({
  Resolution: oneOf("auto", "128x96", "320x240", "322x182"),
  AspectRatio: optional(aspect),
});

const video = (codec: string, container: string) =>
  fc
    .tuple(
      fc.oneof({ arbitrary: newSize, weight: 3 }, { arbitrary: oldSize, weight: 1 }),
      fc.record({
        CodecOptions: videoOptions[codec] ?? fc.constant({}),
        KeyframesMaxDist: oneOf("1", "12", "90", "100000"),
        FixedGOP: container === "fmp4" ? oneOf("true") : oneOf("true", "false"),
        BitRate: oneOf("auto", "10", "200", "2000", "50000", "99999"),
        FrameRate: oneOf("auto", "10", "15", "23.97", "24", "25", "29.97", "30", "50", "60"),
        DisplayAspectRatio: optional(aspect),
      }),
    )
    .map(([size, rest]) => ({ Codec: codec, ...size, ...rest }));
const audio = (codec: string, container: string) =>
  fc.record({
    Codec: fc.constant(codec),
    SampleRate: oneOf("auto", "22050", "32000", "44100", "48000", "96000", "192000"),
    BitRate:
      codec === "pcm" || codec === "flac" ? fc.constant(undefined) : oneOf("auto", "16", "61", "128", "320"),
    Channels: oneOf("auto", "0", "1", "2"),
    AudioPackingMode:
      container === "mxf"
        ? optional(oneOf("SingleTrack", "OneChannelPerTrack", "OneChannelPerTrackWithMosTo8Tracks"))
        : fc.constant(undefined),
    CodecOptions: audioOptions[codec] ?? fc.constant(undefined),
  });

const removeUndefined = (value: object): object => JSON.parse(JSON.stringify(value));

/** Custom presets that CreatePreset accepts, for every container and codec; deterministic for a seed. */
export const customPresets = (seed: number, each: number): readonly Preset[] =>
  kinds.flatMap(([container, videoCodec, audioCodec], kind) => {
    const request = fc.record({
      Name: fc.constant(`${container} ${videoCodec ?? ""} ${audioCodec ?? ""}`),
      Container: fc.constant(container),
      Video: videoCodec === undefined ? fc.constant(undefined) : video(videoCodec, container),
      Audio: audioCodec === undefined ? fc.constant(undefined) : audio(audioCodec, container),
    });
    return fc
      .sample(request, { seed: seed + kind, numRuns: each })
      .map((body, index) => buildPreset(parseCreatePreset(removeUndefined(body)), kind * 1000 + index));
  });
