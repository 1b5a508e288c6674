import { findProgramOnPath } from "../../adapters/local/media-programs.ts";
import type { TaskDefinitionEnvironment } from "../../pipeline/environment/worker.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { MediaPrograms } from "./ffmpeg.ts";

/**
 * Finds ffmpeg and ffprobe: the paths in the task definition, else the first on PATH.
 *
 * @throws JobFailure 9000 if one is not found
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
      `${variable.toLowerCase()} was not found. Add it to PATH or set ${variable} to its path.`,
    );
  };
  return { ffmpeg: find("FFMPEG"), ffprobe: find("FFPROBE") };
};
