import { demuxersFor } from "../media/demuxers.ts";
import { fitInto } from "../media/geometry.ts";
import { inputArguments } from "../media/input-arguments.ts";
import { requirePicture } from "./encode.ts";
import type { Plan, PlanContext, PlannedOutput } from "./plan.ts";
import type { ImageOptions } from "./recipe.ts";

/** JPEG quality 1–100 as ffmpeg's scale of 31 (worst) to 2 (best). */
const jpegScale = (quality: number): number => Math.max(2, Math.round(31 - (quality / 100) * 29));

/** A still picture fitted into a box, as WebP (transparency kept) and JPEG (on white), from one decode. */
export function* image(options: ImageOptions, context: PlanContext): Plan {
  const video = requirePicture(context.source.probe, "image");
  const size = fitInto(video, { width: options.maxWidth, height: options.maxHeight });
  const targets = context.outputKeys.map((key, index) => ({
    key,
    webp: key.toLowerCase().endsWith(".webp"),
    path: `${context.scratch}/image-${index}${key.toLowerCase().endsWith(".webp") ? ".webp" : ".jpg"}`,
    label: `p${index}`,
  }));
  const filters = [
    `[0:v:0]format=rgba,scale=${size.width}:${size.height}:flags=lanczos,setsar=1,split=${targets.length}${targets.map(({ label }) => `[s${label}]`).join("")}`,
    ...targets.map(({ label, webp }) =>
      webp
        ? `[s${label}]null[${label}]`
        : `color=white:s=${size.width}x${size.height}[w${label}];[w${label}][s${label}]overlay=shortest=1:format=rgb,format=yuvj420p[${label}]`,
    ),
  ];
  yield {
    kind: "ffmpeg",
    stage: "resizing",
    weight: 1,
    arguments: [
      "-threads",
      String(context.threads),
      ...inputArguments(demuxersFor("image"), context.limits.maxImagePixels),
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
