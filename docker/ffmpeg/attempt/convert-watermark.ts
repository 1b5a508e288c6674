import { stat } from "node:fs/promises";
import type { PlanInput } from "../../../pipeline/encoding/plan.ts";
import type { VideoProbe } from "../../../pipeline/media/probe.ts";
import { requireVideo } from "../../../pipeline/recipes/preconditions.ts";
import { convertImage, type ImageProgramOptions, probeImage } from "../programs/image-program.ts";

/** The probe of the PNG that a watermark image is converted to. */
const describePng = ({ width, height }: VideoProbe): VideoProbe => ({
  index: 0,
  codec: "png",
  codedWidth: width,
  codedHeight: height,
  width,
  height,
  rotation: 0,
  pixelFormat: "rgba",
  interlaced: false,
});

/**
 * Converts a watermark image to an upright sRGB PNG, which ffmpeg reads instead: ffmpeg decodes no untrusted image, and
 * an undecodable one would leave the video unchanged.
 *
 * @param url loopback URL of the image
 * @param path of the PNG
 * @throws JobFailure if it is not a supported image, too large or damaged
 */
export const convertWatermarkImage = async (
  url: string,
  bytes: number,
  path: string,
  maxPixels: number,
  options: ImageProgramOptions,
): Promise<PlanInput> => {
  const probe = await probeImage(url, bytes, maxPixels, options);
  const { width, height } = requireVideo(probe, "watermark");
  const target = { path, format: "png", quality: 100, isAnimated: false } as const;
  await convertImage(
    {
      operation: "convert",
      input: url,
      bytes,
      maxPixels,
      width,
      height,
      colorProfile: "srgb",
      threads: options.threads,
      targets: [target],
    },
    probe,
    options,
  );
  const video = describePng(requireVideo(probe, "watermark"));
  return { url: path, probe: { formats: ["png"], bytes: (await stat(path)).size, video } };
};
