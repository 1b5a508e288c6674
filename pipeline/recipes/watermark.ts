import {
  aacArguments,
  cleanArguments,
  h264Arguments,
  mediaSeconds,
  requirePicture,
  soleKey,
} from "../encoding/encode.ts";
import { inputArguments, longestSeconds } from "../encoding/input-arguments.ts";
import type { Plan, PlanContext } from "../encoding/plan.ts";
import { readOrientation } from "../encoding/read-orientation.ts";
import { JobFailure } from "../errors/job-error.ts";
import { containerDemuxers, imageDemuxers } from "../media/demuxers.ts";
import { evenSize, pictureFilters, type Size } from "../media/geometry.ts";
import { overlayFilters } from "../media/orientation.ts";
import { steadyFilters } from "../media/steady-rate.ts";
import { uprightSize } from "./image.ts";
import type { WatermarkOptions } from "./recipe.ts";

/** Size of the image on the frame: `scale` of its width, but never larger than the frame within its margins. */
export const watermarkSize = (options: WatermarkOptions, frame: Size, image: Size): Size => {
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

/** Where the image's top left corner lies, pixels. */
export const watermarkPlace = (
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

/** The source with an image laid over it, as H.264 and AAC in MP4. */
export function* watermark(options: WatermarkOptions, context: PlanContext): Plan {
  const { probe, url } = context.source;
  const video = requirePicture(probe, "watermark");
  const image = context.images.watermark;
  if (image?.probe.video === undefined)
    throw new JobFailure(4004, "The watermark is no picture that can be laid over a video.");
  const frame = evenSize(video);
  const orientation = yield* readOrientation(image.url);
  const size = watermarkSize(options, frame, uprightSize(image.probe.video, orientation));
  const { x, y } = watermarkPlace(options, frame, size);
  const seconds = mediaSeconds(probe);
  const path = `${context.scratch}/watermarked.mp4`;
  yield {
    kind: "ffmpeg",
    stage: "watermarking",
    weight: 1,
    seconds,
    arguments: [
      ...inputArguments(containerDemuxers, context.limits.maxVideoPixels, {
        durationSeconds: longestSeconds(context.limits),
      }),
      "-i",
      url,
      ...inputArguments(imageDemuxers, context.limits.maxImagePixels),
      "-noautorotate",
      "-i",
      image.url,
      "-filter_complex",
      [
        `[0:${video.index}]${[...steadyFilters(video), ...pictureFilters(video, frame)].join(",")}[frame]`,
        `[1:v]${overlayFilters(orientation).join(",")},scale=${size.width}:${size.height},colorchannelmixer=aa=${options.opacity}[mark]`,
        `[frame][mark]overlay=${x}:${y},format=yuv420p[out]`,
      ].join(";"),
      "-map",
      "[out]",
      ...(probe.audio === undefined ? [] : ["-map", `0:${probe.audio.index}`, ...aacArguments(160)]),
      ...h264Arguments(21),
      ...cleanArguments,
      "-threads",
      String(context.threads),
      "-movflags",
      "+faststart",
      "-f",
      "mp4",
      path,
    ],
  };
  return [
    {
      path,
      key: soleKey(context.outputKeys, "watermark"),
      contentType: "video/mp4",
      manifest: false,
      expect: {
        durationSeconds: seconds,
        video: { codec: "h264", ...frame },
        audio: probe.audio === undefined ? "none" : { codec: "aac" },
      },
    },
  ];
}
