import { buildVideoFilters, getOutputColor } from "../encoding/color-filters.ts";
import {
  buildAacTrackArguments,
  buildH264Arguments,
  constantRateArguments,
  stripMetadataArguments,
} from "../encoding/encode.ts";
import {
  buildFileInputArguments,
  buildInputArguments,
  computeMaxSourceSeconds,
} from "../encoding/input-arguments.ts";
import { computeOriginShift } from "../encoding/origin-shift.ts";
import { buildColorTagArguments } from "../encoding/output-color.ts";
import { buildOverlayFilters } from "../encoding/overlay-filters.ts";
import type { Plan, PlanContext } from "../encoding/plan.ts";
import { buildAudioTiming, buildTimingFilters } from "../encoding/timing-filters.ts";
import { JobFailure } from "../errors/job-error.ts";
import { selectMainAudio } from "../media/audio-tracks.ts";
import { containerDemuxers, watermarkDemuxers } from "../media/demuxers.ts";
import { getMediaSeconds } from "../media/duration.ts";
import { roundSizeDownToEven, type Size } from "../media/geometry.ts";
import { requireOutputKey, requireVideo } from "./preconditions.ts";
import type { WatermarkOptions } from "./recipe.ts";

/** Size of the image on the frame: `scale` of the frame's width, limited to the frame within its margins. */
export const computeWatermarkSize = (options: WatermarkOptions, frame: Size, image: Size): Size => {
  const margin = Math.round(Math.min(frame.width, frame.height) * options.margin);
  const factor = Math.min(
    Math.max(1, Math.min(frame.width * options.scale, frame.width - 2 * margin)) / image.width,
    Math.max(1, frame.height - 2 * margin) / image.height,
  );
  return {
    width: Math.max(1, Math.round(image.width * factor)),
    height: Math.max(1, Math.round(image.height * factor)),
  };
};

/** Position of the image's top left corner, pixels. */
export const computeWatermarkPosition = (
  options: WatermarkOptions,
  frame: Size,
  image: Size,
): { readonly x: number; readonly y: number } => {
  const margin = Math.round(Math.min(frame.width, frame.height) * options.margin);
  const right = Math.max(0, frame.width - image.width - margin);
  const bottom = Math.max(0, frame.height - image.height - margin);
  switch (options.position) {
    case "top-left":
      return { x: margin, y: margin };
    case "top-right":
      return { x: right, y: margin };
    case "bottom-left":
      return { x: margin, y: bottom };
    case "bottom-right":
      return { x: right, y: bottom };
    case "center":
      return {
        x: Math.max(0, Math.round((frame.width - image.width) / 2)),
        y: Math.max(0, Math.round((frame.height - image.height) / 2)),
      };
  }
};

/** Plans the source with an image overlay as H.264 and AAC in MP4. */
export function* planWatermark(options: WatermarkOptions, context: PlanContext): Plan {
  const { probe, url } = context.source;
  const video = requireVideo(probe, "watermark");
  const image = context.images.watermark;
  if (image?.probe.video === undefined)
    throw new JobFailure(
      4004,
      "The watermark is not an image that ffmpeg can decode. Use a PNG, JPEG or WebP image.",
    );
  const frameSize = roundSizeDownToEven(video);
  const size = computeWatermarkSize(options, frameSize, image.probe.video);
  const { x, y } = computeWatermarkPosition(options, frameSize, size);
  const seconds = getMediaSeconds(probe);
  const audio = selectMainAudio(probe);
  const color = getOutputColor(video);
  const path = `${context.scratchDirectory}/watermarked.mp4`;
  yield {
    kind: "ffmpeg",
    phase: "watermarking",
    weight: 1,
    seconds,
    arguments: [
      ...buildInputArguments(containerDemuxers, context.limits.maxVideoPixels, {
        durationSeconds: computeMaxSourceSeconds(context.limits),
        originShiftSeconds: computeOriginShift(context, [video, ...(audio ?? [])]),
      }),
      "-i",
      url,
      ...buildFileInputArguments(watermarkDemuxers),
      "-i",
      image.url,
      "-filter_complex",
      [
        `[0:${video.index}]${[...buildVideoFilters(video, frameSize, "video", context.capabilities), ...buildTimingFilters(video, options)].join(",")}[frame]`,
        `[1:v]${buildOverlayFilters({ size, opacity: options.opacity }, { pixelFormat: "yuv420p", matrix: color.matrix }).join(",")}[mark]`,
        `[frame][mark]overlay=${x}:${y}:format=yuv420,format=yuv420p[out]`,
      ].join(";"),
      "-map",
      "[out]",
      ...(audio === undefined ? [] : buildAacTrackArguments(audio, 160, buildAudioTiming(video, options))),
      ...buildH264Arguments(21),
      ...buildColorTagArguments(color),
      ...constantRateArguments,
      ...stripMetadataArguments,
      "-threads",
      String(context.threads),
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
      key: requireOutputKey(context.outputKeys, "watermark"),
      contentType: "video/mp4",
      isManifest: false,
      expectation: {
        durationSeconds: seconds,
        video: { codec: "h264", ...frameSize },
        audio: audio === undefined ? "none" : { codec: "aac" },
      },
    },
  ];
}
