import type { Stream } from "./ffprobe-schema.ts";
import { hasVariableFrameRate } from "./frame-rate.ts";
import type { AudioProbe, ColorTags, DolbyVision, SubtitleProbe, VideoProbe } from "./probe.ts";

const parseRatio = (text: string | undefined): number | undefined => {
  const [numerator, denominator] = (text ?? "").split(/[:/]/).map(Number);
  return numerator === undefined || denominator === undefined || !(numerator > 0) || !(denominator > 0)
    ? undefined
    : numerator / denominator;
};

/** Parses `00:00:20.033000000`, Matroska's format of a stream's duration. */
const parseTimestampSeconds = (text: string | undefined): number | undefined => {
  const match = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)/.exec(text ?? "");
  return match === null ? undefined : Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]);
};
/** Seconds from a stream's first timestamp to its end. Matroska's tag is the end, measured from 0. */
const getDurationSeconds = (stream: Stream): number | undefined => {
  if (stream.duration !== undefined) return stream.duration;
  const endSeconds = parseTimestampSeconds(stream.tags.DURATION);
  return endSeconds === undefined ? undefined : Math.max(0, endSeconds - (stream.start_time ?? 0));
};

/** Times of a track: its start, measured from the source's origin, and its duration, in seconds. */
const getTimes = (
  stream: Stream,
  originSeconds: number,
): { readonly startSeconds?: number; readonly durationSeconds: number | undefined } => {
  const startSeconds = Math.max(0, (stream.start_time ?? originSeconds) - originSeconds);
  return {
    ...(startSeconds > 0 ? { startSeconds } : {}),
    durationSeconds: getDurationSeconds(stream),
  };
};

/** ffmpeg reports the angle of the display matrix counterclockwise, that of the older `rotate` tag clockwise. */
const getRotation = (stream: Stream): VideoProbe["rotation"] => {
  const matrix = stream.side_data_list.find((side) => side.rotation !== undefined)?.rotation;
  const degrees = matrix === undefined ? Number(stream.tags.rotate ?? 0) : -matrix;
  const degreesClockwise = (((Math.round(degrees / 90) * 90) % 360) + 360) % 360;
  return degreesClockwise === 90 || degreesClockwise === 180 || degreesClockwise === 270
    ? degreesClockwise
    : 0;
};

const getColorTags = (stream: Stream): ColorTags | undefined => {
  const parseTag = (tag: string | undefined) =>
    tag === undefined || tag === "unknown" || tag === "reserved" ? undefined : tag;
  const range = stream.color_range === "tv" || stream.color_range === "pc" ? stream.color_range : undefined;
  const tags = Object.entries({
    range,
    matrix: parseTag(stream.color_space),
    transfer: parseTag(stream.color_transfer),
    primaries: parseTag(stream.color_primaries),
  }).filter(([, tag]) => tag !== undefined);
  return tags.length === 0 ? undefined : Object.fromEntries(tags);
};

const getDolbyVision = (stream: Stream): DolbyVision | undefined => {
  const configuration = stream.side_data_list.find((side) => side.dv_profile !== undefined);
  return configuration?.dv_profile === undefined
    ? undefined
    : {
        profile: configuration.dv_profile,
        compatibilityId: configuration.dv_bl_signal_compatibility_id ?? 0,
      };
};

/** The rate of a stream with a constant rate. A few dropped frames or a short last one change only the average. */
const selectConstantRate = (base: number | undefined, average: number | undefined): number | undefined =>
  base !== undefined && average !== undefined && Math.abs(average / base - 1) < 0.002
    ? average
    : (base ?? average);

/** True if the decoder knows the stream's frame size. */
export const hasSize = (stream: Stream): boolean => (stream.width ?? 0) > 0 && (stream.height ?? 0) > 0;

/**
 * Converts a video stream; undefined if it has no size.
 *
 * @param originSeconds timestamp of the source's first packet
 */
export const buildVideoProbe = (stream: Stream, originSeconds: number): VideoProbe | undefined => {
  if (stream.width === undefined || stream.height === undefined || !hasSize(stream)) return undefined;
  const rotation = getRotation(stream);
  const sampleAspectRatio = parseRatio(stream.sample_aspect_ratio) ?? 1;
  const displaySize: [number, number] = [
    Math.max(1, Math.round(stream.width * sampleAspectRatio)),
    stream.height,
  ];
  const averageRate = parseRatio(stream.avg_frame_rate);
  const baseRate = parseRatio(stream.r_frame_rate);
  const isVariableRate = hasVariableFrameRate(baseRate, averageRate);
  const [width, height] =
    rotation === 90 || rotation === 270 ? [displaySize[1], displaySize[0]] : displaySize;
  const color = getColorTags(stream);
  const dolbyVision = getDolbyVision(stream);
  return {
    index: stream.index,
    codec: stream.codec_name,
    codedWidth: stream.width,
    codedHeight: stream.height,
    width,
    height,
    rotation: rotation,
    frameRate: isVariableRate ? averageRate : selectConstantRate(baseRate, averageRate),
    ...(isVariableRate ? { isVariableFrameRate: true } : {}),
    pixelFormat: stream.pix_fmt,
    interlaced: ["tt", "bb", "tb", "bt"].includes(stream.field_order ?? ""),
    ...getTimes(stream, originSeconds),
    ...(color === undefined ? {} : { color }),
    ...(dolbyVision === undefined ? {} : { dolbyVision }),
  };
};

const getLabels = ({ tags }: Stream): { readonly language?: string; readonly title?: string } => ({
  ...(tags.language === undefined || tags.language === "und" ? {} : { language: tags.language }),
  ...(tags.title === undefined ? {} : { title: tags.title }),
});

/** Selects the flags that are set. */
const getFlags = <Flag extends string>(
  { disposition }: Stream,
  names: Readonly<Record<Flag, string>>,
): Partial<Record<Flag, true>> => {
  const flags: Partial<Record<Flag, true>> = {};
  for (const flag in names) if (disposition[names[flag]] === 1) flags[flag] = true;
  return flags;
};

/** Converts an audio stream. @param originSeconds timestamp of the source's first packet */
export const buildAudioProbe = (stream: Stream, originSeconds: number): AudioProbe => ({
  index: stream.index,
  codec: stream.codec_name,
  channels: stream.channels ?? 0,
  sampleRate: stream.sample_rate ?? 0,
  ...getTimes(stream, originSeconds),
  ...(stream.channel_layout === undefined || stream.channel_layout === "unknown"
    ? {}
    : { channelLayout: stream.channel_layout }),
  ...getLabels(stream),
  ...getFlags(stream, {
    isDefault: "default",
    isCommentary: "comment",
    isVisualImpaired: "visual_impaired",
    isHearingImpaired: "hearing_impaired",
  }),
});

/** Converts a subtitle stream. */
export const buildSubtitleProbe = (stream: Stream): SubtitleProbe => ({
  index: stream.index,
  codec: stream.codec_name,
  ...getLabels(stream),
  ...getFlags(stream, { isDefault: "default", isForced: "forced", isHearingImpaired: "hearing_impaired" }),
});
