import { buildInputArguments } from "../../pipeline/encoding/input-arguments.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import { imageDemuxers } from "../../pipeline/media/demuxers.ts";
import type { MediaLimits } from "../../pipeline/media/media-limits.ts";
import { classifyFfmpegFailure, type FfmpegRunContext } from "./failure.ts";
import { type FfmpegOptions, runFfmpeg } from "./ffmpeg.ts";

/**
 * Makes sure that an image decodes to a frame. ffprobe reads its header alone, and ffmpeg lays an image without a frame
 * over a video by leaving the video as it is.
 *
 * @param url of the image, on loopback
 * @throws JobFailure 4002 where it does not
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
    throw new JobFailure(4002, `${context.name} is damaged: no frame of it can be decoded. Upload it again.`);
};
