import { spawn } from "node:child_process";
import { chmodSync } from "node:fs";
import ffmpegInstaller from "@ffmpeg-installer/ffmpeg";
import ffprobeInstaller from "@ffprobe-installer/ffprobe";
import type { Capabilities } from "../../pipeline/media/capabilities.ts";
import { probeArguments } from "../../pipeline/media/input-arguments.ts";
import { parseCapabilities } from "../../pipeline/media/parse-capabilities.ts";
import { parseProbe, probeFailure } from "../../pipeline/media/parse-probe.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import type { WorkLimits } from "../../pipeline/work/order.ts";

const packaged = (path: string): string => {
  chmodSync(path, 0o755);
  return path;
};
/** The build under test: FFMPEG and FFPROBE, else the packaged one. */
export const ffmpegPath = process.env.FFMPEG ?? packaged(ffmpegInstaller.path);
export const ffprobePath = process.env.FFPROBE ?? packaged(ffprobeInstaller.path);

export const testLimits: WorkLimits = {
  maxSourceMinutes: 10,
  maxVideoPixels: 4096 * 2304,
  maxImagePixels: 50_000_000,
};

interface End {
  readonly code: number | null;
  readonly output: string;
  readonly log: string;
}

/** Runs a program with an all but empty environment, no shell. */
export const run = (program: string, args: readonly string[]): Promise<End> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, [...args], {
      env: { GCONV_PATH: "/nonexistent" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let log = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      log += text;
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output, log }));
  });

/** Runs ffmpeg; a failure names its arguments and what it said. */
export const ffmpeg = async (args: readonly string[]): Promise<string> => {
  const { code, log } = await run(ffmpegPath, ["-hide_banner", "-nostdin", "-y", ...args]);
  if (code !== 0) throw new Error(`ffmpeg ${args.join(" ")}\nexit ${code}: ${log.slice(-2000)}`);
  return log;
};

/** Probes as the worker does: refusals become JobFailures. */
export const probe = async (
  input: string,
  demuxers: readonly string[],
  limits: WorkLimits = testLimits,
): Promise<Probe> => {
  const { code, output, log } = await run(ffprobePath, [...probeArguments(demuxers, limits), input]);
  if (code !== 0) throw probeFailure("the file", log);
  return parseProbe(JSON.parse(output));
};

/** What the build under test can do. */
export const capabilities = async (): Promise<Capabilities> => {
  const ask = async (question: string) => (await run(ffmpegPath, ["-hide_banner", question])).output;
  return parseCapabilities({
    version: (await run(ffmpegPath, ["-version"])).output,
    encoders: await ask("-encoders"),
    muxers: await ask("-muxers"),
    filters: await ask("-filters"),
  });
};
