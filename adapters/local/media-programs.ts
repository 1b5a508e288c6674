import { execFileSync } from "node:child_process";
import { accessSync, chmodSync, constants, statSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import * as z from "zod";

export interface LocalMediaPrograms {
  /** Absolute paths. */
  readonly ffmpeg: string;
  readonly ffprobe: string;
  /** True for the static builds from npm (ffmpeg of 2018), false for programs on PATH. */
  readonly isPackaged: boolean;
  /** E.g. `5.1.9-0+deb12u1`. */
  readonly version: string;
}

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

/** Finds a program on a search path (`PATH`); undefined if it does not exist. */
export const findProgramOnPath = (name: string, searchPath: string | undefined): string | undefined =>
  (searchPath ?? "")
    .split(delimiter)
    .filter((folder) => folder.startsWith("/"))
    .map((folder) => join(folder, name))
    .find(isExecutable);

const installerModule = z.object({ path: z.string() });

/** Returns the path of a package's program. @throws Error if the package is not installed */
export const getPackagedPath = (packageName: string): string =>
  installerModule.parse(createRequire(import.meta.url)(packageName)).path;

/** With `npm --ignore-scripts`, the packaged program is not executable. */
const preparePackagedProgram = (packageName: string): string => {
  let path: string;
  try {
    path = getPackagedPath(packageName);
  } catch (cause) {
    throw new Error(
      `ffmpeg was not found on PATH or in the package ${packageName}. Install ffmpeg (with ffprobe), or run npm ci.`,
      { cause },
    );
  }
  if (!isExecutable(path)) chmodSync(path, 0o755);
  return path;
};

const readVersion = (ffmpeg: string): string =>
  /^ffmpeg version (\S+)/m.exec(
    execFileSync(ffmpeg, ["-version"], { encoding: "utf8", env: { GCONV_PATH: "/nonexistent" } }),
  )?.[1] ?? "unknown";

/**
 * Finds ffmpeg and ffprobe: both on PATH, else both in the packages, so that their versions match.
 *
 * @throws Error if neither has them
 */
export const findMediaPrograms = (searchPath = process.env.PATH): LocalMediaPrograms => {
  const [ffmpeg, ffprobe] = ["ffmpeg", "ffprobe"].map((name) => findProgramOnPath(name, searchPath));
  if (ffmpeg !== undefined && ffprobe !== undefined)
    return { ffmpeg, ffprobe, isPackaged: false, version: readVersion(ffmpeg) };
  const packagedPrograms = {
    ffmpeg: preparePackagedProgram("@ffmpeg-installer/ffmpeg"),
    ffprobe: preparePackagedProgram("@ffprobe-installer/ffprobe"),
  };
  return { ...packagedPrograms, isPackaged: true, version: readVersion(packagedPrograms.ffmpeg) };
};
