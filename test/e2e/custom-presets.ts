import fc from "fast-check";
import { parseCreatePreset } from "../../pipeline/elastic-transcoder/api/requests/create-preset.ts";
import { buildPreset } from "../../pipeline/elastic-transcoder/presets/build-preset.ts";
import type { Preset } from "../../pipeline/elastic-transcoder/presets/preset.ts";

/** Containers with the codecs that go into them. */
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

const one = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const rateControl = {
  MaxBitRate: maybe(one("16", "300", "2000", "62500")),
  BufferSize: maybe(one("1", "1000", "9999999")),
};
const broadcast = {
  InterlacedMode: maybe(one("Progressive", "TopFirst", "BottomFirst", "Auto")),
  ColorSpaceConversionMode: maybe(one("None", "Bt709ToBt601", "Bt601toBt709", "Auto")),
};
const videoOptions: Readonly<Record<string, fc.Arbitrary<object>>> = {
  "H.264": fc.record({
    Profile: one("baseline", "main", "high"),
    Level: one("1", "1b", "1.3", "2.1", "3", "3.2", "4.1"),
    MaxReferenceFrames: one("0", "1", "4", "16"),
    ...rateControl,
    ...broadcast,
  }),
  mpeg2: fc.record({ ChromaSubsampling: maybe(one("yuv420p", "yuv422p")), ...rateControl, ...broadcast }),
  vp8: fc.record({ Profile: maybe(one("0", "1", "2", "3")), ...rateControl }),
  vp9: fc.record({ Profile: maybe(one("0")), ...rateControl }),
  gif: fc.record({ LoopCount: maybe(one("Infinite", "0", "100")) }),
};
const audioOptions: Readonly<Record<string, fc.Arbitrary<object>>> = {
  AAC: fc.record({ Profile: maybe(one("auto", "AAC-LC", "HE-AAC", "HE-AACv2")) }),
  flac: fc.record({ BitDepth: maybe(one("16", "24")) }),
  pcm: fc.record({ BitDepth: maybe(one("8", "16", "24", "32")), Signed: maybe(one("Signed", "Unsigned")) }),
};

const aspect = one("auto", "1:1", "4:3", "3:2", "16:9");
const newSize = fc.record({
  MaxWidth: one("auto", "128", "318", "640"),
  MaxHeight: one("auto", "96", "182", "480"),
  SizingPolicy: one("Fit", "Fill", "Stretch", "Keep", "ShrinkToFit", "ShrinkToFill"),
  PaddingPolicy: one("Pad", "NoPad"),
});
const oldSize = fc.record({
  Resolution: one("auto", "128x96", "320x240", "322x182"),
  AspectRatio: maybe(aspect),
});

const video = (codec: string, container: string) =>
  fc
    .tuple(
      fc.oneof({ arbitrary: newSize, weight: 3 }, { arbitrary: oldSize, weight: 1 }),
      fc.record({
        CodecOptions: videoOptions[codec] ?? fc.constant({}),
        KeyframesMaxDist: one("1", "12", "90", "100000"),
        FixedGOP: container === "fmp4" ? one("true") : one("true", "false"),
        BitRate: one("auto", "10", "200", "2000", "50000", "99999"),
        FrameRate: one("auto", "10", "15", "23.97", "24", "25", "29.97", "30", "50", "60"),
        DisplayAspectRatio: maybe(aspect),
      }),
    )
    .map(([size, rest]) => ({ Codec: codec, ...size, ...rest }));
const audio = (codec: string, container: string) =>
  fc.record({
    Codec: fc.constant(codec),
    SampleRate: one("auto", "22050", "32000", "44100", "48000", "96000", "192000"),
    BitRate:
      codec === "pcm" || codec === "flac" ? fc.constant(undefined) : one("auto", "16", "61", "128", "320"),
    Channels: one("auto", "0", "1", "2"),
    AudioPackingMode:
      container === "mxf"
        ? maybe(one("SingleTrack", "OneChannelPerTrack", "OneChannelPerTrackWithMosTo8Tracks"))
        : fc.constant(undefined),
    CodecOptions: audioOptions[codec] ?? fc.constant(undefined),
  });

const withoutAbsent = (value: object): object => JSON.parse(JSON.stringify(value));

/** Custom presets that CreatePreset accepts, of every kind of container and codec, the same for the same seed. */
export const customPresets = (seed: number, each: number): readonly Preset[] =>
  kinds.flatMap(([container, picture, sound], kind) => {
    const request = fc.record({
      Name: fc.constant(`${container} ${picture ?? ""} ${sound ?? ""}`),
      Container: fc.constant(container),
      Video: picture === undefined ? fc.constant(undefined) : video(picture, container),
      Audio: sound === undefined ? fc.constant(undefined) : audio(sound, container),
    });
    return fc
      .sample(request, { seed: seed + kind, numRuns: each })
      .map((body, index) => buildPreset(parseCreatePreset(withoutAbsent(body)), kind * 1000 + index));
  });
