import { findMediaPrograms, type LocalMediaPrograms } from "../../adapters/local/media-programs.ts";
import { CommandFailed, oneLine } from "../failure.ts";

/**
 * ffmpeg and ffprobe of this machine, else the packaged ones.
 *
 * @throws CommandFailed where neither runs
 */
export const mediaPrograms = (): LocalMediaPrograms => {
  try {
    return findMediaPrograms();
  } catch (cause) {
    throw new CommandFailed(`ffmpeg cannot be used: ${oneLine(cause)}`, { cause });
  }
};

/** The programs in words. */
export const describePrograms = ({ packaged, version, ffmpeg }: LocalMediaPrograms): string =>
  packaged
    ? `ffmpeg ${version}, the packaged static build: it is of 2018, and enough for all of this. With ffmpeg and ffprobe on PATH, those are used.`
    : `ffmpeg ${version}, ${ffmpeg}`;
