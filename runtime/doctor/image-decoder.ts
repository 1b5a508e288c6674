import { stat } from "node:fs/promises";
import { totalmem } from "node:os";
import { join } from "node:path";
import { imageProgram, packageDirectory } from "../../build/package-directory.ts";
import { probeImage } from "../../docker/ffmpeg/programs/image-program.ts";
import { formatError } from "../../pipeline/errors/errors.ts";
import { type CheckResult, ok } from "../../pipeline/text/check-result.ts";

/** An image of the package. */
const sampleImage = join(packageDirectory, "docs", "images", "report.png");
const maxSamplePixels = 100_000_000;

/**
 * Reads the header of an image with the worker's image program, and so loads sharp. Changes nothing.
 *
 * @param program absolute path of the image program
 */
export const runImageCheck = async (program = imageProgram): Promise<CheckResult> => {
  const name = "images";
  try {
    await probeImage(sampleImage, (await stat(sampleImage)).size, maxSamplePixels, {
      imageProgram: program,
      name: sampleImage,
      signal: new AbortController().signal,
      graceSeconds: 1,
      threads: 1,
      taskMemoryBytes: totalmem(),
    });
    return ok(name, "sharp decodes images");
  } catch (cause) {
    return {
      name,
      status: "failure",
      message: `images and watermarks cannot be decoded: ${formatError(cause)}`,
      nextStep: "Install sharp for this system: npm install --include=optional.",
    };
  }
};
