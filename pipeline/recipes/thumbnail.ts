import { buildVideoFilters } from "../encoding/color-filters.ts";
import { imageArguments } from "../encoding/encode.ts";
import { isOutputEmpty } from "../encoding/ffmpeg-log.ts";
import { buildInputArguments } from "../encoding/input-arguments.ts";
import type { FfmpegStep, Plan, PlanContext, StepResult } from "../encoding/plan.ts";
import { noSeek, planSeek, type Seek } from "../encoding/seek.ts";
import { JobFailure } from "../errors/job-error.ts";
import { containerDemuxers } from "../media/demuxers.ts";
import { getVideoSeconds } from "../media/duration.ts";
import type { Probe } from "../media/probe.ts";
import { requireOutputKey, requireVideo } from "./preconditions.ts";
import type { Moment, ThumbnailOptions } from "./recipe.ts";

/**
 * Converts a position in a source to seconds, at least a tenth of a second (or two frames) before its end. For a source
 * without a duration, seconds are used unchanged and a percentage is the beginning.
 */
export const resolveMomentSeconds = (moment: Moment, probe: Probe): number => {
  const length = getVideoSeconds(probe);
  if (length === undefined) return "seconds" in moment ? moment.seconds : 0;
  const requestedSeconds = "seconds" in moment ? moment.seconds : (length * moment.percent) / 100;
  const maxSeconds = length - Math.max(0.1, 2 / (probe.video?.frameRate ?? 25));
  return Math.max(0, Math.min(requestedSeconds, maxSeconds));
};

/** Builds the step that writes one frame of the source. */
const buildFrameStep = (
  context: PlanContext,
  seek: Seek,
  filters: readonly string[],
  path: string,
  isExact: boolean,
): FfmpegStep => ({
  kind: "ffmpeg",
  phase: "thumbnail",
  weight: 1,
  arguments: [
    "-threads",
    String(context.threads),
    ...(isExact ? [] : ["-noaccurate_seek"]),
    ...buildInputArguments(containerDemuxers, context.limits.maxVideoPixels, { seek }),
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
 * Extracts one frame. If the position is after the last frame, extracts the previous keyframe, or the first frame of a
 * source without a duration.
 *
 * @throws JobFailure 4002 if that cannot be decoded either
 */
function* extractFrame(
  context: PlanContext,
  seconds: number,
  filters: readonly string[],
  path: string,
): Generator<FfmpegStep, void, StepResult> {
  const seek = yield* planSeek(context, seconds);
  const { log } = yield buildFrameStep(context, seek, filters, path, true);
  if (!isOutputEmpty(log)) return;
  const fallback = getVideoSeconds(context.source.probe) === undefined ? noSeek : seek;
  const retry = yield buildFrameStep(context, fallback, filters, path, false);
  if (isOutputEmpty(retry.log))
    throw new JobFailure(
      4002,
      `The file has no frame at ${seconds.toFixed(2)} s, although its declared duration is longer: it is truncated. Upload the complete file again.`,
    );
}

/** Plans one PNG of a position, upright and with square pixels. */
export function* planThumbnail(options: ThumbnailOptions, context: PlanContext): Plan {
  const { probe } = context.source;
  const video = requireVideo(probe, "thumbnail");
  const path = `${context.scratchDirectory}/thumbnail.png`;
  const filters = buildVideoFilters(video, video, "png", context.capabilities);
  yield* extractFrame(context, resolveMomentSeconds(options.at, probe), filters, path);
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
