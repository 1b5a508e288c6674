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
  definition: Pick<TaskDefinitionEnvironment, "FFMPEG_PATH" | "FFPROBE_PATH">,
  searchPath: string | undefined,
): MediaPrograms => {
  const find = (program: "ffmpeg" | "ffprobe", variable: "FFMPEG_PATH" | "FFPROBE_PATH"): string => {
    const path = definition[variable] ?? findProgramOnPath(program, searchPath);
    if (path !== undefined) return path;
    throw new JobFailure(
      9000,
      `The worker finds no ${program}: put it on PATH or set ${variable} to its path.`,
    );
  };
  return { ffmpeg: find("ffmpeg", "FFMPEG_PATH"), ffprobe: find("ffprobe", "FFPROBE_PATH") };
};
