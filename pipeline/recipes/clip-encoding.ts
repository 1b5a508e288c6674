import { buildVideoFilters, getOutputColor } from "../encoding/color-filters.ts";
import {
  buildAacTrackArguments,
  buildH264Arguments,
  constantRateArguments,
  stripMetadataArguments,
} from "../encoding/encode.ts";
import { buildInputArguments } from "../encoding/input-arguments.ts";
import { computeOriginShift } from "../encoding/origin-shift.ts";
import { buildColorTagArguments } from "../encoding/output-color.ts";
import type { Expectation, PlanContext, Step, StepResult } from "../encoding/plan.ts";
import { buildSeekFromBeginning, planSeek } from "../encoding/seek.ts";
import {
  buildAudioTiming,
  buildTimingFilters,
  defaultMaxFrameRate,
  getOutputFrameRate,
} from "../encoding/timing-filters.ts";
import { selectMainAudio } from "../media/audio-tracks.ts";
import { containerDemuxers } from "../media/demuxers.ts";
import { roundSizeDownToEven } from "../media/geometry.ts";
import type { VideoProbe } from "../media/probe.ts";
import type { ClipRange } from "./clip-range.ts";
import type { ClipOptions } from "./recipe.ts";

/** Seconds of a source that are decoded in less than the time without progress after which a run is stopped. */
const maxSteadyStartSeconds = 10;

/**
 * Before a clip, the frame rate filter comes first: it drops the frames before the position, which are then not scaled.
 * Fields must be joined before frames are dropped.
 */
export const orderFilters = (
  { interlaced }: VideoProbe,
  videoFilters: readonly string[],
  timingFilters: readonly string[],
): readonly string[] =>
  interlaced ? [...videoFilters, ...timingFilters] : [...timingFilters, ...videoFilters];

/** Part of a frame by which times that are rounded to milliseconds can miss its start, up to 100 frames a second. */
const maxFrameError = 0.1;

/**
 * Rounds a duration that is about a number of frames to exactly that, down to a microsecond: the frame after them, which
 * begins where the clip ends, does not belong to it.
 */
export const limitToFrames = (seconds: number, frameRate: number): number => {
  const frames = Math.max(1, Math.round(seconds * frameRate));
  return Math.abs(seconds * frameRate - frames) > maxFrameError
    ? seconds
    : Math.floor((frames / frameRate) * 1e6) / 1e6;
};

/** A keyframe at each multiple of an interval, so that segments of that duration can be cut without encoding again. */
export const buildKeyframeArguments = (intervalSeconds: number): readonly string[] => [
  "-g",
  "600",
  "-sc_threshold",
  "0",
  "-force_key_frames",
  `expr:gte(t,n_forced*${intervalSeconds})`,
];

/**
 * Plans an MP4 with exactly the frames of a part of the source, as H.264 and AAC.
 *
 * @param keyframeIntervalSeconds absent: where the encoder puts them
 * @returns what the file must be
 */
export function* encodeClip(
  options: ClipOptions,
  { startSeconds, durationSeconds, availableSeconds }: ClipRange,
  context: PlanContext,
  path: string,
  keyframeIntervalSeconds?: number,
): Generator<Step, Expectation, StepResult> {
  const { probe, url } = context.source;
  const { video } = probe;
  const audio = selectMainAudio(probe);
  const frameSize = video === undefined ? undefined : roundSizeDownToEven(video);
  // A source whose frames are counted from the first one is little longer than the clip.
  const seek =
    options.origin === "first-frame"
      ? buildSeekFromBeginning(probe, startSeconds)
      : yield* planSeek(context, startSeconds);
  const timing = { maxFrameRate: options.maxFrameRate, seekSeconds: startSeconds };
  const timingFilters = video === undefined ? [] : buildTimingFilters(video, timing);
  const videoFilters =
    video === undefined || frameSize === undefined
      ? []
      : buildVideoFilters(video, frameSize, "video", context.capabilities);
  yield {
    kind: "ffmpeg",
    phase: "cutting",
    weight: 1,
    hasDurationLimit: true,
    // Up to a later start, frames are dropped for a long time.
    hasSteadyOutput: startSeconds <= maxSteadyStartSeconds,
    seconds: availableSeconds ?? durationSeconds,
    arguments: [
      ...buildInputArguments(containerDemuxers, context.limits.maxVideoPixels, {
        seek,
        originShiftSeconds: computeOriginShift(context, [video, ...(audio ?? [])]),
      }),
      "-i",
      url,
      ...(video === undefined || frameSize === undefined
        ? []
        : [
            "-map",
            `0:${video.index}`,
            "-vf",
            [...seek.videoFilters, ...orderFilters(video, videoFilters, timingFilters)].join(","),
            ...buildH264Arguments(21),
            ...(keyframeIntervalSeconds === undefined ? [] : buildKeyframeArguments(keyframeIntervalSeconds)),
            ...buildColorTagArguments(getOutputColor(video)),
          ]),
      ...(audio === undefined ? [] : buildAacTrackArguments(audio, 160, buildAudioTiming(video, timing))),
      ...stripMetadataArguments,
      "-threads",
      String(context.threads),
      ...constantRateArguments,
      "-t",
      (video === undefined
        ? durationSeconds
        : limitToFrames(
            durationSeconds,
            getOutputFrameRate(video, options.maxFrameRate ?? defaultMaxFrameRate),
          )
      ).toFixed(6),
      "-movflags",
      "+faststart+write_colr",
      "-f",
      "mp4",
      path,
    ],
  };
  return {
    durationSeconds: availableSeconds,
    video: frameSize === undefined ? "none" : { codec: "h264", ...frameSize },
    audio: audio === undefined ? "none" : { codec: "aac" },
  };
}
