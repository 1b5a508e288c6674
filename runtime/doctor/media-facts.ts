import { accessSync, constants } from "node:fs";
import { findProgramOnPath, getPackagedPath } from "../../adapters/local/media-programs.ts";
import { getSystemErrorCode } from "../../adapters/local/system-error.ts";
import { runChild } from "../../docker/ffmpeg/programs/child.ts";
import { capabilitiesMemoryLimit } from "../../pipeline/encoding/memory-limit.ts";
import { formatError } from "../../pipeline/errors/errors.ts";
import type { MediaFacts, ProgramFacts } from "./media-programs.ts";

/** Runs a program for at most 30 s and returns its output. @throws Error with its exit status and last log line */
export const runProgram = async (program: string, programArguments: readonly string[]): Promise<string> => {
  let text = "";
  const result = await runChild(program, programArguments, {
    signal: new AbortController().signal,
    timeoutSeconds: 30,
    graceSeconds: 1,
    memory: capabilitiesMemoryLimit,
    onOutput: (part) => {
      text += part;
    },
  });
  if (result.timedOut) throw new Error("it timed out after 30 s");
  if (result.code === 0) return text;
  const lastLine = result.log.trim().split("\n").at(-1) ?? "";
  throw new Error(`it exited with ${result.code ?? result.signal}${lastLine === "" ? "" : `: ${lastLine}`}`);
};

/** With `npm --ignore-scripts` a packaged program lacks its execute permission, which a start sets. */
const isRunnable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const gatherProgramFacts = async (name: string, path: string | undefined): Promise<ProgramFacts> => {
  if (path === undefined) return {};
  if (!isRunnable(path))
    return { path, failure: `it lacks execute permission; npm start sets it, or run: chmod +x ${path}` };
  try {
    const version = new RegExp(`^${name} version (\\S+)`, "m").exec(
      await runProgram(path, ["-version"]),
    )?.[1];
    return version === undefined ? { path } : { path, version };
  } catch (cause) {
    return { path, failure: getSystemErrorCode(cause) ?? formatError(cause) };
  }
};

const findPackagedPath = (packageName: string): string | undefined => {
  try {
    return getPackagedPath(packageName);
  } catch {
    return undefined;
  }
};

/** Finds ffmpeg and ffprobe like a start does, and runs both. Changes nothing. */
export const gatherMediaFacts = async (searchPath: string | undefined): Promise<MediaFacts> => {
  const [ffmpeg, ffprobe] = ["ffmpeg", "ffprobe"].map((name) => findProgramOnPath(name, searchPath));
  const isPackaged = ffmpeg === undefined || ffprobe === undefined;
  const onlyOnPath = ffmpeg !== undefined ? "ffmpeg" : ffprobe !== undefined ? "ffprobe" : undefined;
  return {
    ffmpeg: await gatherProgramFacts(
      "ffmpeg",
      isPackaged ? findPackagedPath("@ffmpeg-installer/ffmpeg") : ffmpeg,
    ),
    ffprobe: await gatherProgramFacts(
      "ffprobe",
      isPackaged ? findPackagedPath("@ffprobe-installer/ffprobe") : ffprobe,
    ),
    isPackaged,
    ...(isPackaged && onlyOnPath !== undefined ? { onlyOnPath } : {}),
    platform: process.platform,
  };
};
