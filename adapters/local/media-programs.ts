import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, chmod } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { parseCapabilities } from "../../pipeline/media/parse-capabilities.ts";
import type { Capabilities } from "../../pipeline/media/capabilities.ts";

export interface MediaPrograms {
  readonly ffmpeg: string;
  readonly ffprobe: string;
  /** The static build that npm brought, not one of the machine. */
  readonly packaged: boolean;
}

const run = promisify(execFile);

/** The packaged ffprobe crashes on MPEG-TS without it (FACTS, embedded parts). */
export const mediaEnvironment = { GCONV_PATH: "/nonexistent" } as const;

const onPath = async (program: string): Promise<string | undefined> => {
  for (const folder of (process.env.PATH ?? "").split(delimiter).filter((name) => name !== "")) {
    const path = join(folder, program);
    const runs = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return path;
  }
  return undefined;
};

/** npm without install scripts leaves the programs without their run bit. */
const runnable = async (path: string): Promise<string> => {
  await access(path, constants.X_OK).catch(() => chmod(path, 0o755));
  return path;
};

/** ffmpeg and ffprobe: both from PATH, else both from npm. @throws Error where neither is there */
export const findMediaPrograms = async (): Promise<MediaPrograms> => {
  const [ffmpeg, ffprobe] = await Promise.all([onPath("ffmpeg"), onPath("ffprobe")]);
  if (ffmpeg !== undefined && ffprobe !== undefined) return { ffmpeg, ffprobe, packaged: false };
  try {
    const [ours, probe] = await Promise.all([
      import("@ffmpeg-installer/ffmpeg"),
      import("@ffprobe-installer/ffprobe"),
    ]);
    return {
      ffmpeg: await runnable(ours.default.path),
      ffprobe: await runnable(probe.default.path),
      packaged: true,
    };
  } catch (cause) {
    throw new Error(
      `There is no ffmpeg and ffprobe on PATH, and npm brought none for ${process.platform}-${process.arch}. Install ffmpeg, then start again.`,
      { cause },
    );
  }
};

/** What a build of ffmpeg can do, asked of itself. */
export const probeCapabilities = async (ffmpeg: string): Promise<Capabilities> => {
  const ask = async (flag: string) =>
    (await run(ffmpeg, ["-hide_banner", flag], { env: mediaEnvironment, maxBuffer: 2 ** 24 })).stdout;
  const [version, encoders, muxers, filters] = await Promise.all([
    ask("-version"),
    ask("-encoders"),
    ask("-muxers"),
    ask("-filters"),
  ]);
  return parseCapabilities({ version, encoders, muxers, filters });
};
