import type { ImageConversion, ImageRequest } from "../../../pipeline/encoding/image-request.ts";
import type { ImageHeader, ImageResult } from "../../../pipeline/encoding/image-result.ts";
import { decodeImage, openAnimation } from "./decode.ts";
import { encodeImage } from "./encode.ts";
import { limitDecoders, type OpenImage, openImage } from "./open-image.ts";
import { readInput } from "./read-input.ts";

const describeHeader = ({ format, metadata }: OpenImage): ImageHeader => ({
  kind: "probe",
  format,
  codedWidth: metadata.width,
  codedHeight: metadata.height,
  frameCount: metadata.pages ?? 1,
  orientation: metadata.orientation ?? 1,
  hasAlpha: metadata.hasAlpha,
});

const convert = async (image: OpenImage, conversion: ImageConversion): Promise<void> => {
  const { targets } = conversion;
  const stillTargets = targets.filter(({ isAnimated }) => !isAnimated);
  if (stillTargets.length > 0) {
    const createPipeline = await decodeImage(image, conversion);
    for (const target of stillTargets) await encodeImage(createPipeline, target, conversion);
  }
  const createAnimation = openAnimation(image, conversion);
  for (const target of targets) if (target.isAnimated) await encodeImage(createAnimation, target, conversion);
};

/** Processes a request. @throws ImageError and errors of sharp */
export const processImage = async (request: ImageRequest): Promise<ImageResult> => {
  limitDecoders(request.operation === "convert" ? request.threads : 1);
  const image = await openImage(await readInput(request.input, request.bytes), request.maxPixels);
  if (request.operation === "probe") return describeHeader(image);
  await convert(image, request);
  return { kind: "converted" };
};
