import { everySecondsFilters, pictureSeconds, requirePicture, soleKey } from "../encoding/encode.ts";
import { inputArguments, longestSeconds } from "../encoding/input-arguments.ts";
import type { Plan, PlanContext } from "../encoding/plan.ts";
import { containerDemuxers } from "../media/demuxers.ts";
import { evenSize, fitInto, pictureFilters } from "../media/geometry.ts";
import type { FramesOptions } from "./recipe.ts";

/** Numbered pictures, one every so many seconds, from the first frame on. */
export function* frames(options: FramesOptions, context: PlanContext): Plan {
  const { probe, url } = context.source;
  const video = requirePicture(probe, "frames");
  const folder = soleKey(context.outputKeys, "frames");
  const size = evenSize(fitInto(video, { width: options.maxWidth, height: options.maxHeight }));
  const jpeg = options.format === "jpg";
  yield {
    kind: "ffmpeg",
    stage: "taking frames",
    weight: 1,
    seconds: pictureSeconds(probe),
    arguments: [
      "-threads",
      String(context.threads),
      ...inputArguments(containerDemuxers, context.limits.maxVideoPixels, {
        durationSeconds: longestSeconds(context.limits),
      }),
      "-i",
      url,
      "-map",
      `0:${video.index}`,
      "-vf",
      [
        ...everySecondsFilters(options.everySeconds),
        ...pictureFilters(video, size),
        jpeg ? "format=yuvj420p" : "format=rgb24",
      ].join(","),
      ...(jpeg ? ["-q:v", "3"] : []),
      "-f",
      "image2",
      "-start_number",
      "1",
      `${context.scratch}/frame-%05d.${options.format}`,
    ],
  };
  const { text } = yield { kind: "list", path: context.scratch };
  return text
    .split("\n")
    .filter((name) => /^frame-\d{5,}\.(jpg|png)$/.test(name))
    .map((name) => ({
      path: `${context.scratch}/${name}`,
      key: `${folder}${name}`,
      contentType: jpeg ? "image/jpeg" : "image/png",
      manifest: false,
      expect: { video: { codec: jpeg ? "mjpeg" : "png", ...size } },
    }));
}
