import type { EncodedImageFormat, ImageTarget } from "../encoding/image-request.ts";
import { getImageCodec } from "../encoding/image-result.ts";
import type { Plan, PlanContext, PlannedOutput } from "../encoding/plan.ts";
import { JobFailure } from "../errors/job-error.ts";
import { fitInto } from "../media/geometry.ts";
import type { VideoProbe } from "../media/probe.ts";
import { requireVideo } from "./preconditions.ts";
import type { ImageOptions } from "./recipe.ts";

/** Longest side of a WebP image, pixels (WebP container specification, "Extended file format"). */
const maxSidePixels = 16_383;
/** All frames of an animation together may have this many times `maxImagePixels`. Frames are decoded one by one. */
const maxAnimationFactor = 4;

const contentTypes: Readonly<Record<EncodedImageFormat, string>> = {
  avif: "image/avif",
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
};

/** The format of an output, by its key's extension. JPEG if it is none of the others. */
const getFormat = (key: string): EncodedImageFormat => {
  const extension = /\.(avif|png|webp)$/i.exec(key)?.[1]?.toLowerCase();
  return extension === "avif" || extension === "png" || extension === "webp" ? extension : "jpeg";
};

/** Frames to keep: 1 for a still image. An animation that EXIF transposes, which no program writes, is not kept. */
const countKeptFrames = (options: ImageOptions, video: VideoProbe): number =>
  options.animation === "keep" && video.width === video.codedWidth ? (video.frameCount ?? 1) : 1;

/**
 * Pixels that the conversion of an image decodes.
 *
 * @throws JobFailure 4001 for an animation with too many
 */
const computeMaxPixels = (video: VideoProbe, frames: number, maxImagePixels: number): number => {
  if (frames === 1) return maxImagePixels;
  const maxPixels = maxAnimationFactor * maxImagePixels;
  if (video.width * video.height * frames > maxPixels)
    throw new JobFailure(
      4001,
      `The animation has ${frames} frames of ${video.width}×${video.height} pixels; the limit for all frames together is ${maxPixels} pixels. Upload a shorter or smaller one, set the recipe's animation to "first-frame", or raise maxImagePixels.`,
    );
  return maxPixels;
};

/**
 * Plans a still image: upright, fitted into a box, in the format of each output key. Transparency is kept, and white in
 * JPEG.
 */
export function* planImage(options: ImageOptions, context: PlanContext): Plan {
  const { probe, url } = context.source;
  const video = requireVideo(probe, "image");
  const frames = countKeptFrames(options, video);
  const size = fitInto(video, {
    width: Math.min(options.maxWidth, maxSidePixels),
    height: Math.min(options.maxHeight, maxSidePixels),
  });
  const outputs = context.outputKeys.map((key, index) => {
    const format = getFormat(key);
    const target: ImageTarget = {
      path: `${context.scratchDirectory}/image-${index}.${format}`,
      format,
      quality: options.quality,
      isAnimated: format === "webp" && frames > 1,
    };
    return { key, target };
  });
  yield {
    kind: "image",
    phase: "resizing",
    weight: 1,
    conversion: {
      operation: "convert",
      input: url,
      bytes: probe.bytes ?? 0,
      maxPixels: computeMaxPixels(video, frames, context.limits.maxImagePixels),
      ...size,
      colorProfile: options.colorProfile ?? "srgb",
      threads: context.threads,
      targets: outputs.map(({ target }) => target),
    },
  };
  return outputs.map(
    ({ key, target: { path, format } }): PlannedOutput => ({
      key,
      path,
      contentType: contentTypes[format],
      isManifest: false,
      expectation: { video: { codec: getImageCodec(format), ...size } },
    }),
  );
}
