import * as z from "zod";
import { JobFailure } from "../errors/job-error.ts";
import { hasVariableFrameRate } from "./constant-frame-rate.ts";
import type { AudioProbe, Probe, VideoProbe } from "./probe.ts";

const optionalNumber = z.coerce.number().optional().catch(undefined);
const streamSchema = z.object({
  index: z.number().int(),
  codec_type: z.string().optional(),
  codec_name: z.string().default("unknown"),
  width: z.number().optional(),
  height: z.number().optional(),
  sample_aspect_ratio: z.string().optional(),
  pix_fmt: z.string().default("unknown"),
  field_order: z.string().optional(),
  avg_frame_rate: z.string().optional(),
  r_frame_rate: z.string().optional(),
  duration: optionalNumber,
  channels: z.number().optional(),
  sample_rate: optionalNumber,
  disposition: z.object({ attached_pic: z.number().default(0) }).optional(),
  tags: z.record(z.string(), z.string()).optional(),
  side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
});
const ffprobeSchema = z.object({
  format: z
    .object({ format_name: z.string(), duration: optionalNumber, bit_rate: optionalNumber })
    .optional(),
  streams: z.array(streamSchema).default([]),
});
type Stream = z.infer<typeof streamSchema>;

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
const getDurationSeconds = (stream: Stream): number | undefined =>
  stream.duration ?? parseTimestampSeconds(stream.tags?.DURATION);

/** ffmpeg reports the angle of the display matrix counterclockwise, that of the older `rotate` tag clockwise. */
const getRotation = (stream: Stream): VideoProbe["rotation"] => {
  const matrix = stream.side_data_list?.find((side) => side.rotation !== undefined)?.rotation;
  const degrees = matrix === undefined ? Number(stream.tags?.rotate ?? 0) : -matrix;
  const degreesClockwise = (((Math.round(degrees / 90) * 90) % 360) + 360) % 360;
  return degreesClockwise === 90 || degreesClockwise === 180 || degreesClockwise === 270
    ? degreesClockwise
    : 0;
};

const buildVideoProbe = (stream: Stream): VideoProbe | undefined => {
  if (stream.width === undefined || stream.height === undefined || stream.width === 0 || stream.height === 0)
    return undefined;
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
  return {
    index: stream.index,
    codec: stream.codec_name,
    codedWidth: stream.width,
    codedHeight: stream.height,
    width,
    height,
    rotation: rotation,
    frameRate: averageRate ?? (isVariableRate ? undefined : baseRate),
    ...(isVariableRate ? { isVariableFrameRate: true } : {}),
    pixelFormat: stream.pix_fmt,
    interlaced: ["tt", "bb", "tb", "bt"].includes(stream.field_order ?? ""),
    durationSeconds: getDurationSeconds(stream),
  };
};

const buildAudioProbe = (stream: Stream): AudioProbe => ({
  index: stream.index,
  codec: stream.codec_name,
  channels: stream.channels ?? 0,
  sampleRate: stream.sample_rate ?? 0,
  durationSeconds: getDurationSeconds(stream),
});

/** ffprobe logs it when it estimates the duration from the first frames' bit rate: with silence, ten times too long. */
const estimatedDurationPattern = /Estimating duration from bitrate/;

/**
 * Converts ffprobe's JSON. Uses the first video stream and the first audio stream.
 *
 * @param log ffprobe's stderr; if it reports an estimated duration, the duration is ignored
 * @throws JobFailure 4000 if the file is not media that ffprobe recognizes
 */
export const parseProbe = (json: unknown, log = ""): Probe => {
  const parsed = ffprobeSchema.safeParse(json);
  if (!parsed.success || parsed.data.format === undefined)
    throw new JobFailure(4000, "The file is not media of a known format.", { cause: parsed.error });
  const { format } = parsed.data;
  const isDurationEstimated = estimatedDurationPattern.test(log);
  const streams = parsed.data.streams.map((stream) =>
    isDurationEstimated ? { ...stream, duration: undefined } : stream,
  );
  const videoStream = streams.find(
    (stream) => stream.codec_type === "video" && (stream.disposition?.attached_pic ?? 0) === 0,
  );
  const audioStream = streams.find((stream) => stream.codec_type === "audio" && (stream.channels ?? 0) > 0);
  // ffprobe reports 0×0 and exits with 0 if the decoder rejected the video, e.g. because of its size.
  if (videoStream !== undefined && buildVideoProbe(videoStream) === undefined && audioStream === undefined)
    throw new JobFailure(4000, "The file's video or image cannot be decoded.");
  return {
    formats: format.format_name.split(","),
    durationSeconds: isDurationEstimated ? undefined : format.duration,
    bitRate: format.bit_rate,
    video: videoStream === undefined ? undefined : buildVideoProbe(videoStream),
    audio: audioStream === undefined ? undefined : buildAudioProbe(audioStream),
  };
};

const buildNotMediaFailure = (name: string): JobFailure =>
  new JobFailure(
    4000,
    `${name} is not media that this route can process: its content has no known container format. Text files, playlists and scripts are not supported. Upload the media file itself.`,
  );

/** Classifies a failure of ffprobe as error 4000, 4001 or 4002. They are permanent. */
export const classifyProbeFailure = (name: string, log: string): JobFailure => {
  if (/exceeds specified max pixel count/i.test(log))
    return new JobFailure(
      4001,
      `${name} exceeds the limit of pixels per frame. Upload a smaller one, or raise maxVideoPixels or maxImagePixels.`,
    );
  if (/detected only with low score|not on whitelist/i.test(log)) return buildNotMediaFailure(name);
  if (/moov atom not found|End of file|partial file|Truncat/i.test(log))
    return new JobFailure(
      4002,
      `${name} is truncated or damaged: its index is missing. Upload the complete file again.`,
    );
  return buildNotMediaFailure(name);
};
