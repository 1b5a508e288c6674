import { findMediaPrograms, type LocalMediaPrograms } from "../adapters/local/media-programs.ts";
import { CommandError, formatError } from "../pipeline/errors/errors.ts";

/**
 * Finds ffmpeg and ffprobe on PATH, else the packaged builds.
 *
 * @throws CommandError if none of them runs
 */
export const requireMediaPrograms = (): LocalMediaPrograms => {
  try {
    return findMediaPrograms();
  } catch (cause) {
    throw new CommandError(`ffmpeg cannot be used: ${formatError(cause)}`, { cause });
  }
};

/** Describes the programs: version and path. */
export const describePrograms = ({ isPackaged, version, ffmpeg }: LocalMediaPrograms): string =>
  isPackaged ? `ffmpeg ${version}, the packaged static build of 2018` : `ffmpeg ${version}, ${ffmpeg}`;

/** Returns a warning about untrusted files in one line; undefined if not needed. */
export const describeProgramRisk = ({
  isPackaged,
}: Pick<LocalMediaPrograms, "isPackaged">): string | undefined =>
  isPackaged
    ? "The packaged ffmpeg of 2018 is for evaluation only. Untrusted files need a current ffmpeg on PATH: run npx reelway doctor."
    : undefined;
