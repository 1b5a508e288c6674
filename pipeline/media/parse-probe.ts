import * as z from "zod";
import { JobFailure } from "../errors/job-error.ts";
import type { AudioProbe, Probe, VideoProbe } from "./probe.ts";
import { hasNoRate } from "./steady-rate.ts";

const numeric = z.coerce.number().optional().catch(undefined);
const stream = z.object({
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
  duration: numeric,
  channels: z.number().optional(),
  sample_rate: numeric,
  disposition: z.object({ attached_pic: z.number().default(0) }).optional(),
  tags: z.record(z.string(), z.string()).optional(),
  side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
});
const output = z.object({
  format: z.object({ format_name: z.string(), duration: numeric, bit_rate: numeric }).optional(),
  streams: z.array(stream).default([]),
});
type Stream = z.infer<typeof stream>;

const ratio = (text: string | undefined): number | undefined => {
  const [above, below] = (text ?? "").split(/[:/]/).map(Number);
  return above === undefined || below === undefined || !(above > 0) || !(below > 0)
    ? undefined
    : above / below;
};

/** `00:00:20.033000000`, as Matroska keeps a stream's length. */
const clock = (text: string | undefined): number | undefined => {
  const match = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)/.exec(text ?? "");
  return match === null ? undefined : Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]);
};
const duration = (found: Stream): number | undefined => found.duration ?? clock(found.tags?.DURATION);

/** ffmpeg gives the display matrix's angle counter-clockwise, the old `rotate` tag's clockwise. */
const rotation = (found: Stream): VideoProbe["rotation"] => {
  const matrix = found.side_data_list?.find((side) => side.rotation !== undefined)?.rotation;
  const degrees = matrix === undefined ? Number(found.tags?.rotate ?? 0) : -matrix;
  const turned = (((Math.round(degrees / 90) * 90) % 360) + 360) % 360;
  return turned === 90 || turned === 180 || turned === 270 ? turned : 0;
};

const video = (found: Stream): VideoProbe | undefined => {
  if (found.width === undefined || found.height === undefined || found.width === 0 || found.height === 0)
    return undefined;
  const turned = rotation(found);
  const aspect = ratio(found.sample_aspect_ratio) ?? 1;
  const shown: [number, number] = [Math.max(1, Math.round(found.width * aspect)), found.height];
  const average = ratio(found.avg_frame_rate);
  const base = ratio(found.r_frame_rate);
  const clocked = hasNoRate(base, average);
  const [width, height] = turned === 90 || turned === 270 ? [shown[1], shown[0]] : shown;
  return {
    index: found.index,
    codec: found.codec_name,
    codedWidth: found.width,
    codedHeight: found.height,
    width,
    height,
    rotation: turned,
    frameRate: average ?? (clocked ? undefined : base),
    ...(clocked ? { clockedRate: true } : {}),
    pixelFormat: found.pix_fmt,
    interlaced: ["tt", "bb", "tb", "bt"].includes(found.field_order ?? ""),
    durationSeconds: duration(found),
  };
};

const audio = (found: Stream): AudioProbe => ({
  index: found.index,
  codec: found.codec_name,
  channels: found.channels ?? 0,
  sampleRate: found.sample_rate ?? 0,
  durationSeconds: duration(found),
});

/** What ffprobe says before it divides bytes by the bit rate of the first frames: after silence, ten times too much. */
const guessedLength = /Estimating duration from bitrate/;

/**
 * ffprobe's JSON in the project's terms; the first picture stream and the first sound stream count.
 *
 * @param log what ffprobe wrote to stderr; where it guessed a length, none is taken
 * @throws JobFailure 4000 where it is no media that ffprobe knows
 */
export const parseProbe = (json: unknown, log = ""): Probe => {
  const parsed = output.safeParse(json);
  if (!parsed.success || parsed.data.format === undefined)
    throw new JobFailure(4000, "The file is no media of a known format.", { cause: parsed.error });
  const { format } = parsed.data;
  const guessed = guessedLength.test(log);
  const streams = parsed.data.streams.map((found) => (guessed ? { ...found, duration: undefined } : found));
  const picture = streams.find(
    (found) => found.codec_type === "video" && (found.disposition?.attached_pic ?? 0) === 0,
  );
  const sound = streams.find((found) => found.codec_type === "audio" && (found.channels ?? 0) > 0);
  // ffprobe leaves 0×0 and exits 0 where the decoder refused the picture, e.g. for its size.
  if (picture !== undefined && video(picture) === undefined && sound === undefined)
    throw new JobFailure(4000, "The file's picture cannot be decoded.");
  return {
    formats: format.format_name.split(","),
    durationSeconds: guessed ? undefined : format.duration,
    bitRate: format.bit_rate,
    video: picture === undefined ? undefined : video(picture),
    audio: sound === undefined ? undefined : audio(sound),
  };
};

const notMedia = (name: string): JobFailure =>
  new JobFailure(
    4000,
    `${name} is no media this route can work: its content is of no known container format (text, a playlist and a script are none). Upload the media itself.`,
  );

/** What ffprobe's refusal means: the reason of Error 4000, 4001 or 4002, never retried. */
export const probeFailure = (name: string, log: string): JobFailure => {
  if (/exceeds specified max pixel count/i.test(log))
    return new JobFailure(4001, `${name} has more pixels a frame than the limits allow.`);
  if (/detected only with low score|not on whitelist/i.test(log)) return notMedia(name);
  if (/moov atom not found|End of file|partial file|Truncat/i.test(log))
    return new JobFailure(
      4002,
      `${name} is cut short or damaged: its index is missing. Upload the whole file again.`,
    );
  return notMedia(name);
};
