import { writeFile } from "node:fs/promises";
import type { Sharp } from "sharp";
import type { ImageConversion, ImageTarget } from "../../../pipeline/encoding/image-request.ts";
import type { PipelineFactory } from "./decode.ts";
import { ImageError } from "./image-error.ts";
import { failOnDamage } from "./open-image.ts";

/**
 * AVIF's number for the quality of JPEG's and WebP's: linear between 0, 50 for 80 (the defaults of libvips for one
 * visual quality) and 100.
 */
const computeAvifQuality = (quality: number): number =>
  Math.max(1, Math.round(quality <= 80 ? quality * 0.625 : 50 + (quality - 80) * 2.5));

/**
 * Pixels up to which WebP's chroma is subsampled with regard to luma, so that saturated colors and edges are nearer to
 * the source's. It doubles the time.
 */
const maxSmartPixels = 4_000_000;

/** Encoder effort. One more step takes six times as long and saves nothing measurable. */
const avifEffort = 3;

const selectEncoder = (image: Sharp, { format, quality, isAnimated }: ImageTarget, pixels: number): Sharp => {
  switch (format) {
    case "jpeg":
      return image.flatten({ background: "#ffffff" }).jpeg({ quality });
    case "webp":
      return image.webp({ quality, smartSubsample: !isAnimated && pixels <= maxSmartPixels });
    case "avif":
      return image.avif({ quality: computeAvifQuality(quality), effort: avifEffort });
    case "png":
      return image.png();
  }
};

/**
 * Encodes an image and writes the file.
 *
 * @throws ImageError `write`; errors of sharp, also for damage in the source
 */
export const encodeImage = async (
  createPipeline: PipelineFactory,
  target: ImageTarget,
  { width, height }: Pick<ImageConversion, "width" | "height">,
): Promise<void> => {
  const bytes = await failOnDamage((failOn) =>
    selectEncoder(createPipeline(failOn), target, width * height).toBuffer(),
  );
  await writeFile(target.path, bytes).catch((cause: unknown) => {
    throw new ImageError("write", String(cause));
  });
};
