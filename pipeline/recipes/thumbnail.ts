import { buildColorScaleFilters } from "../encoding/color-filters.ts";
import { imageArguments } from "../encoding/encode.ts";
import { isInputTruncated, isOutputEmpty } from "../encoding/ffmpeg-log.ts";
import { buildFrameFilters } from "../encoding/frame-filters.ts";
import { buildInputArguments } from "../encoding/input-arguments.ts";
import { computeOriginShift } from "../encoding/origin-shift.ts";
import { pngFrames } from "../encoding/output-color.ts";
import type { FfmpegStep, Plan, PlanContext, StepResult } from "../encoding/plan.ts";
import { buildSeekFromBeginning, endsBefore, noSeek, planSeek, type Seek } from "../encoding/seek.ts";
import { lastFrameFilters, visibleFrameFilters } from "../encoding/timing-filters.ts";
import { JobFailure } from "../errors/job-error.ts";
import { resolveSourceColor } from "../media/color.ts";
import { containerDemuxers } from "../media/demuxers.ts";
import { getVideoSeconds } from "../media/duration.ts";
import type { Probe, VideoProbe } from "../media/probe.ts";
import { requireOutputKey, requireVideo } from "./preconditions.ts";
import type { Moment, ThumbnailOptions } from "./recipe.ts";

/**
 * Converts a position in a source to seconds, at most the end of its video. For a source without a duration, seconds are
 * used unchanged and a percentage is the beginning.
 */
export const resolveMomentSeconds = (moment: Moment, probe: Probe): number => {
  const length = getVideoSeconds(probe);
  if (length === undefined) return "seconds" in moment ? moment.seconds : 0;
  const requestedSeconds = "seconds" in moment ? moment.seconds : (length * moment.percent) / 100;
  return Math.max(0, Math.min(requestedSeconds, length));
};

/** Builds the step that writes one frame of the source. */
const buildFrameStep = (
  context: PlanContext,
  seek: Seek,
  filters: readonly string[],
  path: string,
): FfmpegStep => ({
  kind: "ffmpeg",
  phase: "thumbnail",
  weight: 1,
  arguments: [
    "-threads",
    String(context.threads),
    ...buildInputArguments(containerDemuxers, context.limits.maxVideoPixels, {
      seek,
      originShiftSeconds: computeOriginShift(context, [context.source.probe.video]),
    }),
    "-i",
    context.source.url,
    "-map",
    `0:${context.source.probe.video?.index ?? "v:0"}`,
    "-frames:v",
    "1",
    "-vf",
    [...seek.videoFilters, ...filters].join(","),
    ...imageArguments.png,
    "-f",
    "image2",
    "-update",
    "1",
    path,
  ],
});

/**
 * Extracts the frame that is visible at a position; after the last frame, that one if the source is complete, or the first
 * frame of a source without a duration.
 *
 * @throws JobFailure 4002 if that cannot be decoded either, or the file is truncated
 */
function* extractFrame(
  context: PlanContext,
  video: VideoProbe,
  seconds: number,
  path: string,
): Generator<FfmpegStep, void, StepResult> {
  const seek = yield* planSeek(context, seconds);
  // Fields are joined before frames are dropped, frames are scaled after it.
  const buildFilters = (selection: readonly string[]) => [
    ...buildFrameFilters(video),
    ...selection,
    ...buildColorScaleFilters(video, resolveSourceColor(video), pngFrames, context.capabilities),
    "setsar=1",
  ];
  const { log } = yield buildFrameStep(context, seek, buildFilters(visibleFrameFilters), path);
  if (!isOutputEmpty(log)) return;
  const retry =
    getVideoSeconds(context.source.probe) === undefined
      ? yield buildFrameStep(context, noSeek, buildFilters(visibleFrameFilters), path)
      : yield buildFrameStep(context, seek, buildFilters(lastFrameFilters), path);
  const truncatedFailure = new JobFailure(
    4002,
    `The file has no frame at ${seconds.toFixed(2)} s, although its declared duration is longer: it is truncated. Upload the complete file again.`,
  );
  // In a complete file, the last frame is visible until the declared end.
  if (isInputTruncated(retry.log)) throw truncatedFailure;
  const isFlv = context.source.probe.formats.includes("flv");
  // The demuxer of FLV does not notice the truncation.
  if (isFlv && (yield* endsBefore(context, seconds))) throw truncatedFailure;
  if (!isOutputEmpty(retry.log)) return;
  if (!isFlv) throw truncatedFailure;
  // FLV delivers nothing after a seek beyond its last keyframe.
  const lastSeek = buildSeekFromBeginning(context.source.probe, seconds);
  const last = yield buildFrameStep(context, lastSeek, buildFilters(lastFrameFilters), path);
  if (isOutputEmpty(last.log)) throw truncatedFailure;
}

/** Plans one PNG of a position, upright and with square pixels. */
export function* planThumbnail(options: ThumbnailOptions, context: PlanContext): Plan {
  const { probe } = context.source;
  const video = requireVideo(probe, "thumbnail");
  const path = `${context.scratchDirectory}/thumbnail.png`;
  yield* extractFrame(context, video, resolveMomentSeconds(options.at, probe), path);
  return [
    {
      path,
      key: requireOutputKey(context.outputKeys, "thumbnail"),
      contentType: "image/png",
      isManifest: false,
      expectation: { video: { codec: "png", width: video.width, height: video.height } },
    },
  ];
}
