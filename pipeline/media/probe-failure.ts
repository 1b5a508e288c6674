import { JobFailure } from "../errors/job-error.ts";

const buildNotMediaFailure = (name: string): JobFailure =>
  new JobFailure(
    4000,
    `${name} is not media that this route can process: its content has no known container format. Text files, playlists and scripts are not supported. Upload the media file itself.`,
  );

/** Classifies a failure of ffprobe as error 4000, 4001 or 4002. They are permanent. */
export const classifyProbeFailure = (name: string, log: string): JobFailure => {
  if (/exceeds specified max pixel count/i.test(log))
    return new JobFailure(
      4001,
      `${name} exceeds the limit of pixels per frame. Upload a smaller one, or raise maxVideoPixels or maxImagePixels.`,
    );
  if (/detected only with low score|not on whitelist/i.test(log)) return buildNotMediaFailure(name);
  if (/moov atom not found|End of file|partial file|Truncat/i.test(log))
    return new JobFailure(
      4002,
      `${name} is truncated or damaged: its index is missing. Upload the complete file again.`,
    );
  return buildNotMediaFailure(name);
};
