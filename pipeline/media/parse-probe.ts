import { JobFailure } from "../errors/job-error.ts";
import { selectMainTrack } from "./audio-tracks.ts";
import { ffprobeSchema, type Stream } from "./ffprobe-schema.ts";
import type { Probe } from "./probe.ts";
import { buildAudioProbe, buildSubtitleProbe, buildVideoProbe, hasSize } from "./track-probes.ts";

/** The default video stream, else the first. Attached pictures do not count. */
const findVideoStream = (streams: readonly Stream[]): Stream | undefined => {
  const candidates = streams.filter(
    ({ codec_type, disposition }) => codec_type === "video" && disposition.attached_pic !== 1,
  );
  const decodableCandidates = candidates.filter(hasSize);
  return (
    decodableCandidates.find(({ disposition }) => disposition.default === 1) ??
    decodableCandidates[0] ??
    candidates[0]
  );
};

/** Duration of a source in seconds: to the end of its last track, if every track has one. */
const computeDurationSeconds = (
  format: { readonly format_name: string; readonly duration?: number },
  tracks: readonly { readonly startSeconds?: number; readonly durationSeconds?: number }[],
  originSeconds: number,
): number | undefined => {
  const ends = tracks.map(({ startSeconds = 0, durationSeconds }) =>
    durationSeconds === undefined ? undefined : startSeconds + durationSeconds,
  );
  const knownEnds = ends.filter((end) => end !== undefined);
  if (knownEnds.length > 0 && knownEnds.length === ends.length) return Math.max(...knownEnds);
  // Matroska's duration is the last timestamp.
  const isFromZero = format.format_name.startsWith("matroska") && originSeconds > 0;
  return format.duration === undefined || !isFromZero ? format.duration : format.duration - originSeconds;
};

/** ffprobe logs it when it estimates the duration from the first frames' bit rate: with silence, ten times too long. */
const estimatedDurationPattern = /Estimating duration from bitrate/;

/**
 * Converts ffprobe's JSON. Uses the default video stream and the main audio stream.
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
  const videoStream = findVideoStream(streams);
  const audioStreams = streams.filter(
    ({ codec_type, codec_name, channels }) =>
      codec_type === "audio" && codec_name !== "unknown" && (channels ?? 0) > 0,
  );
  // ffprobe reports 0×0 and exits with 0 if the decoder rejected the video, e.g. because of its size.
  if (videoStream !== undefined && !hasSize(videoStream) && audioStreams.length === 0)
    throw new JobFailure(4000, "The file's video or image cannot be decoded.");
  // ffmpeg subtracts the same timestamp from every stream.
  const originSeconds = format.start_time ?? 0;
  const video = videoStream === undefined ? undefined : buildVideoProbe(videoStream, originSeconds);
  const audioTracks = audioStreams.map((stream) => buildAudioProbe(stream, originSeconds));
  const subtitleTracks = streams
    .filter(({ codec_type }) => codec_type === "subtitle")
    .map((stream) => buildSubtitleProbe(stream));
  return {
    formats: format.format_name.split(","),
    durationSeconds: isDurationEstimated
      ? undefined
      : computeDurationSeconds(
          format,
          [...(video === undefined ? [] : [video]), ...audioTracks],
          originSeconds,
        ),
    bitRate: format.bit_rate,
    video,
    audio: selectMainTrack(audioTracks),
    ...(audioTracks.length > 1 ? { audioTracks } : {}),
    ...(subtitleTracks.length > 0 ? { subtitleTracks } : {}),
  };
};
