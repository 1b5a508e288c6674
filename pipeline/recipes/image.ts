import { requirePicture } from "../encoding/encode.ts";
import { inputArguments } from "../encoding/input-arguments.ts";
import type { Plan, PlanContext, PlannedOutput } from "../encoding/plan.ts";
import { readOrientation } from "../encoding/read-orientation.ts";
import { imageDemuxers } from "../media/demuxers.ts";
import { fitInto, type Size } from "../media/geometry.ts";
import { liesOnItsSide, type Orientation, uprightFilters } from "../media/orientation.ts";
import type { VideoProbe } from "../media/probe.ts";
import type { ImageOptions } from "./recipe.ts";

/** JPEG quality 1–100 as ffmpeg's scale of 31 (worst) to 2 (best). */
const jpegScale = (quality: number): number => Math.max(2, Math.round(31 - (quality / 100) * 29));

/** Pixels of a picture as it is looked at. A build that reads orientation itself may have told it in the rotation. */
export const uprightSize = (video: VideoProbe, orientation: Orientation): Size => {
  const turned = (video.rotation % 180 === 90) !== liesOnItsSide(orientation);
  return turned ? { width: video.height, height: video.width } : { width: video.width, height: video.height };
};

/**
 * The filters that lay a link of RGBA frames on white. The background is made of the frame itself: a `color` source
 * never ends, so that ffmpeg never ends either where the image decodes to no frame.
 */
const onWhite = (from: string, to: string): string =>
  [
    `[${from}]split=2[${to}_copy][${to}_front]`,
    `[${to}_copy]lutrgb=r=255:g=255:b=255:a=255[${to}_back]`,
    `[${to}_back][${to}_front]overlay=format=rgb,format=yuvj420p[${to}]`,
  ].join(";");

/** A still picture, upright, fitted into a box, as WebP (transparency kept) and JPEG (on white), from one decode. */
export function* image(options: ImageOptions, context: PlanContext): Plan {
  const video = requirePicture(context.source.probe, "image");
  const orientation = yield* readOrientation(context.source.url);
  const size = fitInto(uprightSize(video, orientation), {
    width: options.maxWidth,
    height: options.maxHeight,
  });
  const targets = context.outputKeys.map((key, index) => ({
    key,
    webp: key.toLowerCase().endsWith(".webp"),
    path: `${context.scratch}/image-${index}${key.toLowerCase().endsWith(".webp") ? ".webp" : ".jpg"}`,
    label: `p${index}`,
  }));
  const filters = [
    `[0:v:0]${["format=rgba", ...uprightFilters(orientation)].join(",")},scale=${size.width}:${size.height}:flags=lanczos,setsar=1,split=${targets.length}${targets.map(({ label }) => `[s${label}]`).join("")}`,
    ...targets.map(({ label, webp }) => (webp ? `[s${label}]null[${label}]` : onWhite(`s${label}`, label))),
  ];
  yield {
    kind: "ffmpeg",
    stage: "resizing",
    weight: 1,
    arguments: [
      "-threads",
      String(context.threads),
      ...inputArguments(imageDemuxers, context.limits.maxImagePixels),
      "-noautorotate",
      "-i",
      context.source.url,
      "-filter_complex",
      filters.join(";"),
      ...targets.flatMap(({ label, webp, path }) => [
        "-map",
        `[${label}]`,
        "-frames:v",
        "1",
        "-map_metadata",
        "-1",
        ...(webp
          ? ["-c:v", "libwebp", "-pix_fmt", "yuva420p", "-quality", String(options.quality), "-f", "webp"]
          : ["-c:v", "mjpeg", "-q:v", String(jpegScale(options.quality)), "-f", "image2", "-update", "1"]),
        path,
      ]),
    ],
  };
  return targets.map(
    ({ key, path, webp }): PlannedOutput => ({
      key,
      path,
      contentType: webp ? "image/webp" : "image/jpeg",
      manifest: false,
      expect: { video: { codec: webp ? "webp" : "mjpeg", ...size } },
    }),
  );
}
