import { findMediaPrograms, type LocalMediaPrograms } from "../adapters/local/media-programs.ts";
import { CommandFailed, oneLine } from "../pipeline/errors/user-error.ts";

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
  packaged ? `ffmpeg ${version}, the packaged static build of 2018` : `ffmpeg ${version}, ${ffmpeg}`;

/** What a person should know before strangers' files reach these programs, in one line; undefined for nothing. */
export const programAdvice = ({ packaged }: Pick<LocalMediaPrograms, "packaged">): string | undefined =>
  packaged
    ? "The packaged ffmpeg of 2018 is for trying things out. Files from strangers need a current ffmpeg on PATH: run npx reelway doctor."
    : undefined;
