import { buildInputArguments } from "../encoding/input-arguments.ts";
import type { Plan, PlanContext, PlannedOutput } from "../encoding/plan.ts";
import { readOrientation } from "../encoding/read-orientation.ts";
import { imageDemuxers } from "../media/demuxers.ts";
import { fitInto, type Size } from "../media/geometry.ts";
import { buildUprightFilters, isTransposed, type Orientation } from "../media/orientation.ts";
import type { VideoProbe } from "../media/probe.ts";
import { requireVideo } from "./preconditions.ts";
import type { ImageOptions } from "./recipe.ts";

/** Converts JPEG quality 1–100 to ffmpeg's scale of 31 (worst) to 2 (best). */
const computeJpegScale = (quality: number): number => Math.max(2, Math.round(31 - (quality / 100) * 29));

/** Display size of an image. A build of ffmpeg that reads the orientation itself may report it as rotation. */
export const computeUprightSize = (video: VideoProbe, orientation: Orientation): Size => {
  const isRotated = (video.rotation % 180 === 90) !== isTransposed(orientation);
  return isRotated
    ? { width: video.height, height: video.width }
    : { width: video.width, height: video.height };
};

/**
 * Builds the filters that put RGBA frames on a white background. The background is made from the frame: a `color`
 * source never ends, so ffmpeg would not end either if no frame can be decoded.
 */
const buildWhiteBackgroundFilters = (from: string, to: string): string =>
  [
    `[${from}]split=2[${to}_copy][${to}_front]`,
    `[${to}_copy]lutrgb=r=255:g=255:b=255:a=255[${to}_back]`,
    `[${to}_back][${to}_front]overlay=format=rgb,format=yuvj420p[${to}]`,
  ].join(";");

/**
 * Plans a still image: upright, fitted into a box, as WebP (with transparency) and JPEG (on white), from one decode.
 */
export function* planImage(options: ImageOptions, context: PlanContext): Plan {
  const video = requireVideo(context.source.probe, "image");
  const orientation = yield* readOrientation(context.source.url);
  const size = fitInto(computeUprightSize(video, orientation), {
    width: options.maxWidth,
    height: options.maxHeight,
  });
  const targets = context.outputKeys.map((key, index) => ({
    key,
    isWebp: key.toLowerCase().endsWith(".webp"),
    path: `${context.scratchDirectory}/image-${index}${key.toLowerCase().endsWith(".webp") ? ".webp" : ".jpg"}`,
    label: `p${index}`,
  }));
  const filters = [
    `[0:v:0]${["format=rgba", ...buildUprightFilters(orientation)].join(",")},scale=${size.width}:${size.height}:flags=lanczos,setsar=1,split=${targets.length}${targets.map(({ label }) => `[s${label}]`).join("")}`,
    ...targets.map(({ label, isWebp }) =>
      isWebp ? `[s${label}]null[${label}]` : buildWhiteBackgroundFilters(`s${label}`, label),
    ),
  ];
  yield {
    kind: "ffmpeg",
    phase: "resizing",
    weight: 1,
    arguments: [
      "-threads",
      String(context.threads),
      ...buildInputArguments(imageDemuxers, context.limits.maxImagePixels),
      "-noautorotate",
      "-i",
      context.source.url,
      "-filter_complex",
      filters.join(";"),
      ...targets.flatMap(({ label, isWebp, path }) => [
        "-map",
        `[${label}]`,
        "-frames:v",
        "1",
        "-map_metadata",
        "-1",
        ...(isWebp
          ? ["-c:v", "libwebp", "-pix_fmt", "yuva420p", "-quality", String(options.quality), "-f", "webp"]
          : [
              "-c:v",
              "mjpeg",
              "-q:v",
              String(computeJpegScale(options.quality)),
              "-f",
              "image2",
              "-update",
              "1",
            ]),
        path,
      ]),
    ],
  };
  return targets.map(
    ({ key, path, isWebp }): PlannedOutput => ({
      key,
      path,
      contentType: isWebp ? "image/webp" : "image/jpeg",
      isManifest: false,
      expectation: { video: { codec: isWebp ? "webp" : "mjpeg", ...size } },
    }),
  );
}
