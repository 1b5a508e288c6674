import { buildVideoFilters, getOutputColor } from "../encoding/color-filters.ts";
import {
  buildAacTrackArguments,
  buildH264Arguments,
  constantRateArguments,
  stripMetadataArguments,
} from "../encoding/encode.ts";
import { buildInputArguments } from "../encoding/input-arguments.ts";
import { buildColorTagArguments } from "../encoding/output-color.ts";
import type { Plan, PlanContext } from "../encoding/plan.ts";
import { planSeek } from "../encoding/seek.ts";
import { buildAudioTiming, buildTimingFilters } from "../encoding/timing-filters.ts";
import { JobFailure } from "../errors/job-error.ts";
import { selectMainAudio } from "../media/audio-tracks.ts";
import { containerDemuxers } from "../media/demuxers.ts";
import { getMediaSeconds } from "../media/duration.ts";
import { roundSizeDownToEven } from "../media/geometry.ts";
import type { VideoProbe } from "../media/probe.ts";
import { requireOutputKey } from "./preconditions.ts";
import type { ClipOptions } from "./recipe.ts";

/** Seconds of a source that are decoded in less than the time without progress after which a run is stopped. */
const maxSteadyStartSeconds = 10;

/** @throws JobFailure 4014 for a percentage of an unknown duration */
const resolveStartSeconds = ({ start }: ClipOptions, sourceSeconds: number | undefined): number => {
  if ("seconds" in start) return start.seconds;
  if (start.percent === 0) return 0;
  if (sourceSeconds === undefined)
    throw new JobFailure(
      4014,
      `The clip begins at ${start.percent} % of a source without a duration. Specify its start in seconds.`,
    );
  return (sourceSeconds * start.percent) / 100;
};

/**
 * Before a clip, the frame rate filter comes first: it drops the frames before the position, which are then not scaled.
 * Fields must be joined before frames are dropped.
 */
const orderFilters = (
  { interlaced }: VideoProbe,
  videoFilters: readonly string[],
  timingFilters: readonly string[],
): readonly string[] =>
  interlaced ? [...videoFilters, ...timingFilters] : [...timingFilters, ...videoFilters];

/** Plans a frame-accurate clip of the source as H.264 and AAC in MP4. */
export function* planClip(options: ClipOptions, context: PlanContext): Plan {
  const { probe, url } = context.source;
  const sourceSeconds = getMediaSeconds(probe);
  const startSeconds = resolveStartSeconds(options, sourceSeconds);
  if (sourceSeconds !== undefined && startSeconds >= sourceSeconds)
    throw new JobFailure(
      4014,
      `The clip begins at ${startSeconds.toFixed(2)} s, but the source is ${sourceSeconds.toFixed(2)} s long. Specify an earlier start.`,
    );
  const seconds = Math.min(
    options.durationSeconds,
    sourceSeconds === undefined ? Infinity : sourceSeconds - startSeconds,
  );
  const { video } = probe;
  const audio = selectMainAudio(probe);
  const frameSize = video === undefined ? undefined : roundSizeDownToEven(video);
  const path = `${context.scratchDirectory}/clip.mp4`;
  const seek = yield* planSeek(context, startSeconds);
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
    seconds,
    arguments: [
      ...buildInputArguments(containerDemuxers, context.limits.maxVideoPixels, { seek }),
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
            ...buildColorTagArguments(getOutputColor(video)),
          ]),
      ...(audio === undefined ? [] : buildAacTrackArguments(audio, 160, buildAudioTiming(video, timing))),
      ...stripMetadataArguments,
      "-threads",
      String(context.threads),
      ...constantRateArguments,
      "-t",
      seconds.toFixed(3),
      "-movflags",
      "+faststart+write_colr",
      "-f",
      "mp4",
      path,
    ],
  };
  return [
    {
      path,
      key: requireOutputKey(context.outputKeys, "clip"),
      contentType: video === undefined ? "audio/mp4" : "video/mp4",
      isManifest: false,
      expectation: {
        durationSeconds: sourceSeconds === undefined ? undefined : seconds,
        video: frameSize === undefined ? "none" : { codec: "h264", ...frameSize },
        audio: audio === undefined ? "none" : { codec: "aac" },
      },
    },
  ];
}
