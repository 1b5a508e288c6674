import { inputArguments } from "../../pipeline/encoding/input-arguments.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import { imageDemuxers } from "../../pipeline/media/demuxers.ts";
import type { WorkLimits } from "../../pipeline/media/source-limits.ts";
import { type FfmpegStage, ffmpegFailure } from "./failure.ts";
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
  stage: FfmpegStage,
  limits: WorkLimits,
  options: Omit<FfmpegOptions, "onProgress">,
): Promise<void> => {
  const step = {
    bounded: true,
    arguments: [
      ...inputArguments(imageDemuxers, limits.maxImagePixels),
      ...["-i", url, "-map", "0:v:0", "-frames:v", "1", "-f", "null", "-"],
    ],
  };
  const run = await runFfmpeg(ffmpeg, step, { ...options, onProgress: () => undefined });
  options.signal.throwIfAborted();
  if (run.code !== 0) throw ffmpegFailure(stage, run);
  if (/nothing was encoded/.test(run.log))
    throw new JobFailure(4002, `${stage.name} is damaged: no frame of it can be decoded. Upload it again.`);
};
