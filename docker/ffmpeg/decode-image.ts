import { buildInputArguments } from "../../pipeline/encoding/input-arguments.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import { imageDemuxers } from "../../pipeline/media/demuxers.ts";
import type { MediaLimits } from "../../pipeline/media/media-limits.ts";
import { classifyFfmpegFailure, type FfmpegRunContext } from "./failure.ts";
import { type FfmpegOptions, runFfmpeg } from "./ffmpeg.ts";

/**
 * Verifies that an image can be decoded. ffprobe reads only its header, and with an undecodable overlay image, ffmpeg
 * leaves the video unchanged.
 *
 * @param url loopback URL of the image
 * @throws JobFailure 4002 if it cannot be decoded
 */
export const decodeImage = async (
  ffmpeg: string,
  url: string,
  context: FfmpegRunContext,
  limits: MediaLimits,
  options: Omit<FfmpegOptions, "onProgress">,
): Promise<void> => {
  const step = {
    hasDurationLimit: true,
    arguments: [
      ...buildInputArguments(imageDemuxers, limits.maxImagePixels),
      ...["-i", url, "-map", "0:v:0", "-frames:v", "1", "-f", "null", "-"],
    ],
  };
  const run = await runFfmpeg(ffmpeg, step, { ...options, onProgress: () => undefined });
  options.signal.throwIfAborted();
  if (run.code !== 0) throw classifyFfmpegFailure(context, run);
  if (/nothing was encoded/.test(run.log))
    throw new JobFailure(
      4002,
      `${context.name} is damaged: ffmpeg could not decode a frame. Upload it again.`,
    );
};
