import { open } from "node:fs/promises";
import { toImageProbe } from "../../../pipeline/encoding/image-result.ts";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import {
  encodedImageHeadBytes,
  encodedImageTailBytes,
  parseEncodedImage,
} from "../../../pipeline/media/encoded-image.ts";
import type { Probe } from "../../../pipeline/media/probe.ts";

/** True if a path has the extension of an image that ffmpeg encodes. */
export const isEncodedImagePath = (path: string): boolean => /\.(?:jpg|png)$/.test(path);

/**
 * Probes a JPEG or PNG that ffmpeg wrote, without another process: a job can have thousands.
 *
 * @throws JobFailure 4002 if it is cut or another format
 */
export const probeEncodedImage = async (path: string): Promise<Probe> => {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const readBytes = async (start: number, length: number): Promise<Uint8Array> => {
      const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, start);
      return buffer.subarray(0, bytesRead);
    };
    const head = await readBytes(0, Math.min(size, encodedImageHeadBytes));
    const tail = await readBytes(Math.max(0, size - encodedImageTailBytes), encodedImageTailBytes);
    const image = parseEncodedImage(head, tail);
    if (image === undefined)
      throw new JobFailure(4002, `${path} is not a complete image: ffmpeg did not finish it.`);
    return toImageProbe(
      {
        kind: "probe",
        format: image.format,
        codedWidth: image.width,
        codedHeight: image.height,
        frameCount: 1,
        orientation: 1,
        hasAlpha: false,
      },
      size,
    );
  } finally {
    await file.close();
  }
};
