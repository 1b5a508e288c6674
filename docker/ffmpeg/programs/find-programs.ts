import { findProgramOnPath } from "../../../adapters/local/media-programs.ts";
import type { TaskDefinitionEnvironment } from "../../../pipeline/environment/worker.ts";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import type { MediaPrograms } from "./ffmpeg.ts";

/**
 * Finds ffmpeg and ffprobe: the paths in the task definition, else the first on PATH.
 *
 * @throws JobFailure 9000 if one is not found
 */
export const findPrograms = (
  definition: Pick<TaskDefinitionEnvironment, "FFMPEG_PATH" | "FFPROBE_PATH">,
  searchPath: string | undefined,
): MediaPrograms => {
  const find = (program: "ffmpeg" | "ffprobe", variable: "FFMPEG_PATH" | "FFPROBE_PATH"): string => {
    const path = definition[variable] ?? findProgramOnPath(program, searchPath);
    if (path !== undefined) return path;
    throw new JobFailure(9000, `${program} was not found. Add it to PATH or set ${variable} to its path.`);
  };
  return { ffmpeg: find("ffmpeg", "FFMPEG_PATH"), ffprobe: find("ffprobe", "FFPROBE_PATH") };
};
