import { estimateFrameRate } from "../media/frame-rate.ts";
import type { MediaLimits } from "../media/media-limits.ts";
import type { Probe } from "../media/probe.ts";
import { TrackTimeline } from "../media/track-timeline.ts";
import { buildInspectionArguments } from "./input-arguments.ts";
import { minBytesPerSecond } from "./run-limits.ts";

/** A run of ffprobe that reads packets. */
export interface InspectionRun {
  readonly arguments: readonly string[];
  /** Receives the output as it is written. */
  readonly onOutput: (text: string) => void;
}
/**
 * Yields runs of ffprobe, receives whether each has read everything, and returns the corrected probe. A run that has not
 * leaves the probe as it is.
 */
export type Inspection = Generator<InspectionRun, Probe, boolean>;

/** The source of an inspection. */
export interface InspectedInput {
  /** Loopback URL. */
  readonly url: string;
  readonly demuxers: readonly string[];
  readonly limits: MediaLimits;
}

/** Ten seconds of 30 frames per second. */
const maxInspectedFrames = 300;

/** Above this rate, a header may contain the rate of the camera's clock: some recorders write it into Matroska files. */
const maxTrustedFrameRate = 60;

/** Measures the frame rate of video whose header has none or a high one, from the timestamps of its first packets. */
function* inspectFrameRate(probe: Probe, input: InspectedInput): Inspection {
  const { video } = probe;
  if (video === undefined) return probe;
  const isHigh = (video.frameRate ?? 0) > maxTrustedFrameRate * 1.001;
  if (video.isVariableFrameRate !== true && !isHigh) return probe;
  let text = "";
  const isComplete = yield {
    arguments: buildInspectionArguments(input, [
      ...["-select_streams", String(video.index), "-read_intervals", `%+#${maxInspectedFrames}`],
      ...["-show_entries", "packet=pts_time"],
    ]),
    onOutput: (output) => {
      text += output;
    },
  };
  if (!isComplete) return probe;
  const timestamps = text
    .split(/[\n,]+/)
    .flatMap((value) => (/^-?[\d.]+$/.test(value) ? [Number(value)] : []));
  const frameRate = estimateFrameRate(timestamps, video.frameRate);
  if (frameRate === undefined) return probe;
  const isHeaderRight = isHigh && Math.abs(frameRate / (video.frameRate ?? frameRate) - 1) < 0.01;
  if (isHeaderRight) return probe;
  // An output ends with the video. A duration that may be too short must not cut it.
  const durationSeconds = hasEstimatedDuration(probe) ? undefined : video.durationSeconds;
  return { ...probe, video: { ...video, frameRate, isVariableFrameRate: true, durationSeconds } };
}

/**
 * Containers without a duration that can be trusted: it is computed from the bit rate, from a header that an editor did
 * not update, or from the difference of two timestamps.
 */
const formatsWithEstimatedDuration: ReadonlySet<string> = new Set(["mp3", "mpegts", "mpeg", "flv"]);

/** True if the duration of a source may be wrong. It is measured if an output or a position contradicts it. */
export const hasEstimatedDuration = ({ formats }: Probe): boolean =>
  formats.some((format) => formatsWithEstimatedDuration.has(format));

/** Highest plausible bit rate: 1 Gbit/s. */
const maxBytesPerSecond = 125_000_000;

/** True if the declared duration contradicts the size of the file, or exceeds the limit. */
const isImplausible = ({ durationSeconds, bytes }: Probe, limits: MediaLimits): boolean => {
  if (durationSeconds === undefined) return false;
  const bytesPerSecond = bytes === undefined ? minBytesPerSecond : bytes / Math.max(durationSeconds, 0.001);
  return (
    bytesPerSecond < minBytesPerSecond ||
    bytesPerSecond > maxBytesPerSecond ||
    durationSeconds > limits.maxSourceMinutes * 60
  );
};

/**
 * Corrects what a header cannot be trusted with. An MP3 is always measured: its header is the only source of its
 * duration, and editors do not update it. Other formats are measured if the duration is implausible.
 *
 * @param shouldMeasureFrameRate true if the recipe encodes video
 */
export function* inspectSource(
  probe: Probe,
  shouldMeasureFrameRate: boolean,
  input: InspectedInput,
): Inspection {
  const shouldMeasureDuration =
    probe.formats.includes("mp3") || (hasEstimatedDuration(probe) && isImplausible(probe, input.limits));
  const measuredProbe = shouldMeasureDuration ? yield* inspectDuration(probe, input) : probe;
  return shouldMeasureFrameRate ? yield* inspectFrameRate(measuredProbe, input) : measuredProbe;
}

/** Measures the duration of every track from all packets, i.e. reads the whole source. */
export function* inspectDuration(probe: Probe, input: InspectedInput): Inspection {
  const timeline = new TrackTimeline();
  const isComplete = yield {
    arguments: buildInspectionArguments(input, [
      "-show_entries",
      "packet=stream_index,dts_time,duration_time",
    ]),
    onOutput: (output) => timeline.addText(output),
  };
  if (!isComplete) return probe;
  const measure = <Track extends { readonly index: number; readonly durationSeconds?: number }>(
    track: Track,
  ): Track => ({ ...track, durationSeconds: timeline.getSeconds(track.index) ?? track.durationSeconds });
  const video = probe.video === undefined ? undefined : measure(probe.video);
  const audio = probe.audio === undefined ? undefined : measure(probe.audio);
  const ends = [video, audio].flatMap((track) =>
    track?.durationSeconds === undefined ? [] : [(track.startSeconds ?? 0) + track.durationSeconds],
  );
  return {
    ...probe,
    video,
    audio,
    ...(probe.audioTracks === undefined ? {} : { audioTracks: probe.audioTracks.map(measure) }),
    durationSeconds: ends.length === 0 ? probe.durationSeconds : Math.max(...ends),
  };
}
