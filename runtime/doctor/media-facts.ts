import { accessSync, constants } from "node:fs";
import { packagedPath, programOnPath } from "../../adapters/local/media-programs.ts";
import { systemCode } from "../../adapters/local/system-code.ts";
import { runChild } from "../../docker/ffmpeg/child.ts";
import { describeMemoryLimit } from "../../pipeline/encoding/memory-limit.ts";
import { oneLine } from "../../pipeline/errors/user-error.ts";
import type { MediaFacts, ProgramFacts } from "./media-programs.ts";

/** Runs a program with a bounded time and answers what it prints. @throws Error that says how it ended */
export const outputOf = async (program: string, words: readonly string[]): Promise<string> => {
  let text = "";
  const end = await runChild(program, words, {
    signal: new AbortController().signal,
    wallSeconds: 30,
    graceSeconds: 1,
    memory: describeMemoryLimit,
    onOutput: (part) => {
      text += part;
    },
  });
  if (end.timedOut) throw new Error("it did not end within 30 s");
  if (end.code === 0) return text;
  const last = end.log.trim().split("\n").at(-1) ?? "";
  throw new Error(`it ended with ${end.code ?? end.signal}${last === "" ? "" : `: ${last}`}`);
};

/** Under `npm --ignore-scripts` a packaged program lacks its run bit, which a start sets. */
const isRunnable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const factsOf = async (name: string, path: string | undefined): Promise<ProgramFacts> => {
  if (path === undefined) return {};
  if (!isRunnable(path))
    return { path, failure: `it has no permission to run; npm start sets it, or: chmod +x ${path}` };
  try {
    const version = new RegExp(`^${name} version (\\S+)`, "m").exec(await outputOf(path, ["-version"]))?.[1];
    return version === undefined ? { path } : { path, version };
  } catch (cause) {
    return { path, failure: systemCode(cause) ?? oneLine(cause) };
  }
};

const packaged = (packageName: string): string | undefined => {
  try {
    return packagedPath(packageName);
  } catch {
    return undefined;
  }
};

/** Looks for ffmpeg and ffprobe where a start does, and runs both; changes nothing. */
export const gatherMediaFacts = async (searchPath: string | undefined): Promise<MediaFacts> => {
  const [ffmpeg, ffprobe] = ["ffmpeg", "ffprobe"].map((name) => programOnPath(name, searchPath));
  const isPackaged = ffmpeg === undefined || ffprobe === undefined;
  const alone = ffmpeg !== undefined ? "ffmpeg" : ffprobe !== undefined ? "ffprobe" : undefined;
  return {
    ffmpeg: await factsOf("ffmpeg", isPackaged ? packaged("@ffmpeg-installer/ffmpeg") : ffmpeg),
    ffprobe: await factsOf("ffprobe", isPackaged ? packaged("@ffprobe-installer/ffprobe") : ffprobe),
    packaged: isPackaged,
    ...(isPackaged && alone !== undefined ? { alone } : {}),
    platform: process.platform,
  };
};
