import { findProgramOnPath } from "../../adapters/local/media-programs.ts";
import type { TaskDefinitionEnvironment } from "../../pipeline/environment/worker.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { MediaPrograms } from "./ffmpeg.ts";

/**
 * Paths of ffmpeg and ffprobe: as the definition names them, else the first on PATH.
 *
 * @throws JobFailure 9000 where one is not there
 */
export const findPrograms = (
  definition: Pick<TaskDefinitionEnvironment, "FFMPEG" | "FFPROBE">,
  searchPath: string | undefined,
): MediaPrograms => {
  const find = (variable: "FFMPEG" | "FFPROBE"): string => {
    const path = definition[variable] ?? findProgramOnPath(variable.toLowerCase(), searchPath);
    if (path !== undefined) return path;
    throw new JobFailure(
      9000,
      `The worker finds no ${variable.toLowerCase()}: put it on PATH or set ${variable} to its path.`,
    );
  };
  return { ffmpeg: find("FFMPEG"), ffprobe: find("FFPROBE") };
};
