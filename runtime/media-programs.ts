import { findMediaPrograms, type LocalMediaPrograms } from "../adapters/local/media-programs.ts";
import { CommandError, formatError } from "../pipeline/errors/errors.ts";

/**
 * ffmpeg and ffprobe of this machine, else the packaged ones.
 *
 * @throws CommandError where neither runs
 */
export const requireMediaPrograms = (): LocalMediaPrograms => {
  try {
    return findMediaPrograms();
  } catch (cause) {
    throw new CommandError(`ffmpeg cannot be used: ${formatError(cause)}`, { cause });
  }
};

/** The programs in words. */
export const describePrograms = ({ isPackaged, version, ffmpeg }: LocalMediaPrograms): string =>
  isPackaged ? `ffmpeg ${version}, the packaged static build of 2018` : `ffmpeg ${version}, ${ffmpeg}`;

/** What a person should know before strangers' files reach these programs, in one line; undefined for nothing. */
export const describeProgramRisk = ({
  isPackaged,
}: Pick<LocalMediaPrograms, "isPackaged">): string | undefined =>
  isPackaged
    ? "The packaged ffmpeg of 2018 is for trying things out. Files from strangers need a current ffmpeg on PATH: run npx reelway doctor."
    : undefined;
