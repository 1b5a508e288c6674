import * as z from "../../../schema/z.ts";
import { audioOptionChecks, findOptionErrors, videoOptionChecks } from "./codec-options.ts";
import { evenIntegerOrAuto, evenResolution, integerString, name } from "./fields.ts";
import { buildValidationError, parseRequest } from "./validation.ts";

const sizing = z.enum(["Fit", "Fill", "Stretch", "Keep", "ShrinkToFit", "ShrinkToFill"]);
const padding = z.enum(["Pad", "NoPad"]);
const aspect = z.enum(["auto", "1:1", "4:3", "3:2", "16:9"]);
const options = z.record(z.string(), z.string().check(z.minLength(1), z.maxLength(255)));
const rates = ["10", "15", "23.97", "24", "25", "29.97", "30", "50", "60"] as const;
const pixelsOrPercent = z.string().check(z.regex(/^(\d{1,3}(\.\d{0,5})?%|\d{1,4}px)$/));

const watermark = z.strictObject({
  Id: z.string().check(z.minLength(1), z.maxLength(40)),
  MaxWidth: pixelsOrPercent,
  MaxHeight: pixelsOrPercent,
  SizingPolicy: z.enum(["Fit", "Stretch", "ShrinkToFit"]),
  HorizontalAlign: z.enum(["Left", "Right", "Center"]),
  HorizontalOffset: z._default(pixelsOrPercent, "0px"),
  VerticalAlign: z.enum(["Top", "Bottom", "Center"]),
  VerticalOffset: z._default(pixelsOrPercent, "0px"),
  Opacity: z._default(
    z
      .string()
      .check(
        z.refine(
          (text) => /^\d{1,3}(\.\d{0,20})?$/.test(text) && Number(text) <= 100,
          "Member must be a number between 0 and 100",
        ),
      ),
    "100",
  ),
  Target: z._default(z.enum(["Content", "Frame"]), "Content"),
});

const video = z.strictObject({
  Codec: z.enum(["H.264", "vp8", "vp9", "mpeg2", "gif"]),
  CodecOptions: z._default(options, {}),
  KeyframesMaxDist: z.optional(integerString(1, 100_000)),
  FixedGOP: z.optional(z.enum(["true", "false"])),
  BitRate: z.optional(z.string().check(z.regex(/^(\d{2,5}|auto)$/))),
  FrameRate: z.optional(z.enum(["auto", ...rates])),
  MaxFrameRate: z.optional(z.enum(rates)),
  Resolution: z.optional(evenResolution(true, [128, 96])),
  AspectRatio: z.optional(aspect),
  MaxWidth: z.optional(evenIntegerOrAuto(128, 4096)),
  MaxHeight: z.optional(evenIntegerOrAuto(96, 3072)),
  DisplayAspectRatio: z.optional(aspect),
  SizingPolicy: z.optional(sizing),
  PaddingPolicy: z.optional(padding),
  Watermarks: z.optional(z.array(watermark).check(z.maxLength(4))),
});
const audio = z.strictObject({
  Codec: z.enum(["AAC", "vorbis", "mp3", "mp2", "pcm", "flac"]),
  SampleRate: z._default(z.enum(["auto", "22050", "32000", "44100", "48000", "96000", "192000"]), "auto"),
  BitRate: z.optional(
    z
      .string()
      .check(
        z.refine(
          (text) => text === "auto" || (/^\d{2,3}$/.test(text) && Number(text) >= 16 && Number(text) <= 320),
          "Member must be auto, or an integer between 16 and 320",
        ),
      ),
  ),
  Channels: z._default(z.enum(["auto", "0", "1", "2"]), "auto"),
  AudioPackingMode: z.optional(
    z.enum(["SingleTrack", "OneChannelPerTrack", "OneChannelPerTrackWithMosTo8Tracks"]),
  ),
  CodecOptions: z.optional(options),
});
const thumbnails = z.strictObject({
  Format: z.enum(["jpg", "png"]),
  Interval: integerString(1, 99_999),
  Resolution: z.optional(evenResolution(false, [32, 32])),
  AspectRatio: z.optional(aspect),
  MaxWidth: z.optional(evenIntegerOrAuto(32, 4096)),
  MaxHeight: z.optional(evenIntegerOrAuto(32, 3072)),
  SizingPolicy: z.optional(sizing),
  PaddingPolicy: z.optional(padding),
});

/** The codecs that a container supports (API reference, "Preset settings"). */
const containerCodecs: Readonly<
  Record<string, { readonly video: readonly string[]; readonly audio: readonly string[] }>
> = {
  flac: { video: [], audio: ["flac"] },
  flv: { video: ["H.264"], audio: ["AAC", "mp3"] },
  fmp4: { video: ["H.264"], audio: ["AAC"] },
  gif: { video: ["gif"], audio: [] },
  mp3: { video: [], audio: ["mp3"] },
  mp4: { video: ["H.264"], audio: ["AAC", "mp3"] },
  mpg: { video: ["mpeg2"], audio: ["mp2"] },
  mxf: { video: ["mpeg2"], audio: ["pcm"] },
  oga: { video: [], audio: ["vorbis", "flac"] },
  ogg: { video: [], audio: ["vorbis", "flac"] },
  ts: { video: ["H.264"], audio: ["AAC", "mp3"] },
  wav: { video: [], audio: ["pcm"] },
  webm: { video: ["vp8", "vp9"], audio: ["vorbis"] },
};

const request = z.strictObject({
  Name: name,
  Description: z._default(z.string().check(z.maxLength(255)), ""),
  Container: z.enum(Object.keys(containerCodecs)),
  Video: z.optional(video),
  Audio: z.optional(audio),
  Thumbnails: z.optional(thumbnails),
});
export type CreatePresetRequest = z.infer<typeof request>;

const sizeFields = ["MaxWidth", "MaxHeight", "SizingPolicy", "PaddingPolicy"] as const;

/**
 * A size is either `Resolution` (deprecated) or the `MaxWidth` group, not both. `SizingPolicy` alone sets no size:
 * Terraform's provider sends it in either case.
 */
const findSizeErrors = (path: string, fields: Readonly<Record<string, unknown>>): readonly string[] => {
  const exclusiveField = sizeFields.find((field) => field !== "SizingPolicy" && fields[field] !== undefined);
  const missingField = sizeFields.find((field) => fields[field] === undefined);
  if (fields.Resolution !== undefined)
    return exclusiveField === undefined
      ? []
      : [`'${path}.Resolution' and '${path}.${exclusiveField}' cannot be combined: use one of them`];
  return missingField === undefined
    ? []
    : [`'${path}.${missingField}' must be specified unless '${path}.Resolution' is`];
};

const findVideoErrors = (body: CreatePresetRequest): readonly string[] => {
  const { Video, Container } = body;
  if (Video === undefined) return [];
  const { Codec, CodecOptions, KeyframesMaxDist, FixedGOP, BitRate, FrameRate, MaxFrameRate, Watermarks } =
    Video;
  const ids = (Watermarks ?? []).map(({ Id }) => Id);
  const duplicateId = ids.find((id, index) => ids.indexOf(id) !== index);
  const describeMissingField = (field: string) => [`'Video.${field}' must be specified with codec ${Codec}`];
  return [
    ...(containerCodecs[Container]?.video.includes(Codec) === true
      ? []
      : [`'Video.Codec' ${Codec} is not supported in 'Container' ${Container}`]),
    ...findOptionErrors("Video.CodecOptions", Codec, videoOptionChecks[Codec], CodecOptions),
    ...(Codec === "H.264" && CodecOptions.Profile === undefined
      ? describeMissingField("CodecOptions.Profile")
      : []),
    ...(Codec === "H.264" && CodecOptions.Level === undefined
      ? describeMissingField("CodecOptions.Level")
      : []),
    ...(Codec === "H.264" && CodecOptions.MaxReferenceFrames === undefined
      ? describeMissingField("CodecOptions.MaxReferenceFrames")
      : []),
    ...(Codec !== "gif" && KeyframesMaxDist === undefined ? describeMissingField("KeyframesMaxDist") : []),
    ...(Codec !== "gif" && FixedGOP === undefined ? describeMissingField("FixedGOP") : []),
    ...(Codec !== "gif" && BitRate === undefined ? describeMissingField("BitRate") : []),
    ...(FrameRate === undefined ? describeMissingField("FrameRate") : []),
    ...(Container === "fmp4" && FixedGOP === "false"
      ? ["'Video.FixedGOP' must be true with 'Container' fmp4"]
      : []),
    ...(FrameRate !== undefined && FrameRate !== "auto" && MaxFrameRate !== undefined
      ? ["'Video.MaxFrameRate' is allowed only with 'Video.FrameRate' auto"]
      : []),
    ...(duplicateId === undefined ? [] : [`'Video.Watermarks': the Id ${duplicateId} is used twice`]),
    ...findSizeErrors("Video", Video),
  ];
};

const findAudioErrors = ({ Audio, Container }: CreatePresetRequest): readonly string[] => {
  if (Audio === undefined) return [];
  const { Codec, CodecOptions = {}, BitRate, AudioPackingMode } = Audio;
  const isLossless = Codec === "pcm" || Codec === "flac";
  return [
    ...(containerCodecs[Container]?.audio.includes(Codec) === true
      ? []
      : [`'Audio.Codec' ${Codec} is not supported in 'Container' ${Container}`]),
    ...findOptionErrors("Audio.CodecOptions", Codec, audioOptionChecks[Codec], CodecOptions),
    ...(isLossless || BitRate !== undefined ? [] : [`'Audio.BitRate' must be specified with codec ${Codec}`]),
    ...(AudioPackingMode !== undefined && AudioPackingMode !== "SingleTrack" && Container !== "mxf"
      ? [`'Audio.AudioPackingMode' ${AudioPackingMode} is allowed only with 'Container' mxf`]
      : []),
  ];
};

const findPresetErrors = ({
  Video,
  Audio,
  Thumbnails,
  Container,
}: CreatePresetRequest): readonly string[] => [
  ...(Video === undefined && Audio === undefined ? ["one of 'Video' and 'Audio' must be specified"] : []),
  ...(Video === undefined && (Container === "gif" || Container === "mxf" || Container === "mpg")
    ? [`'Video' must be specified with 'Container' ${Container}`]
    : []),
  ...(Thumbnails === undefined ? [] : findSizeErrors("Thumbnails", Thumbnails)),
];

/** Terraform's provider sends an empty string for an omitted setting. */
const removeEmptyStrings = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(removeEmptyStrings);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, content]) => content !== "")
      .map(([field, content]) => [field, removeEmptyStrings(content)]),
  );
};

/** @throws ApiError ValidationException that names the field */
export const parseCreatePreset = (body: unknown): CreatePresetRequest => {
  const parsed = parseRequest(request, removeEmptyStrings(body));
  const errors = [...findPresetErrors(parsed), ...findVideoErrors(parsed), ...findAudioErrors(parsed)];
  if (errors.length > 0) throw buildValidationError(errors);
  return parsed;
};
