import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { makeMedia } from "../../adapters/local/lavfi.ts";
import type { JobOutput } from "../../pipeline/attempts/report.ts";
import { getOutputKind } from "./output-kind.ts";
import type { DemoResult } from "./result.ts";

/** Paths of images by key of the output that they show. */
export type Posters = Readonly<Record<string, string>>;

/** Finds the image that a job made of an output's video, in the same folder; undefined without one. */
const findPoster = (output: JobOutput, { job, paths }: DemoResult): string | undefined => {
  const folder = output.key.slice(0, output.key.lastIndexOf("/") + 1);
  const poster = job.outputs.find(({ key }) => key === `${folder}poster.jpg`);
  return poster && paths[poster.key];
};

interface PosterOptions {
  readonly ffmpeg: string;
  /** Folder for the images that no job has made. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Finds or makes an image of every video output: a frame after a tenth of its duration. */
export const makePosters = async (
  results: readonly DemoResult[],
  { ffmpeg, folder, signal }: PosterOptions,
): Promise<Posters> => {
  await mkdir(folder, { recursive: true });
  const posters: Record<string, string> = {};
  for (const result of results)
    for (const output of result.job.outputs) {
      const path = result.paths[output.key];
      if (path === undefined || getOutputKind(output) !== "video") continue;
      const existingPoster = findPoster(output, result);
      const poster = existingPoster ?? join(folder, `${Object.keys(posters).length}.jpg`);
      const seconds = ((output.durationSeconds ?? 0) / 10).toFixed(3);
      const frame = ["-ss", seconds, "-i", path, "-map", "0:v:0", "-frames:v", "1", "-vf", "scale=640:-2"];
      if (existingPoster === undefined)
        try {
          await makeMedia(ffmpeg, [...frame, "-q:v", "4", poster], signal);
        } catch {
          signal.throwIfAborted();
          // The player shows its first frame instead.
          continue;
        }
      posters[output.key] = poster;
    }
  return posters;
};
