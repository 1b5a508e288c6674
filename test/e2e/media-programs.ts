import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import ffmpegInstaller from "@ffmpeg-installer/ffmpeg";
import ffprobeInstaller from "@ffprobe-installer/ffprobe";
import type { Capabilities } from "../../pipeline/encoding/capabilities.ts";
import { buildProbeArguments } from "../../pipeline/encoding/input-arguments.ts";
import { parseCapabilities, parseComponents } from "../../pipeline/encoding/parse-capabilities.ts";
import { inspectSource } from "../../pipeline/encoding/source-inspection.ts";
import type { MediaLimits } from "../../pipeline/media/media-limits.ts";
import { parseProbe } from "../../pipeline/media/parse-probe.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import { classifyProbeFailure } from "../../pipeline/media/probe-failure.ts";

export const testLimits: MediaLimits = {
  maxSourceMinutes: 10,
  maxVideoPixels: 4096 * 2304,
  maxImagePixels: 50_000_000,
};

/** How a program ended, and what it wrote. */
export interface ProgramResult {
  readonly code: number | null;
  readonly output: Buffer;
  readonly log: string;
}

/** Longer than any run of the tests. */
const timeoutMs = 300_000;

/** The programs that still run. None outlives the tests. */
const children = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

/** Runs a program with an all but empty environment, no shell. A run that does not end is killed, with code null. */
const run = (program: string, args: readonly string[]): Promise<ProgramResult> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, [...args], {
      env: { GCONV_PATH: "/nonexistent" },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeoutMs,
      killSignal: "SIGKILL",
    });
    children.add(child);
    const output: Buffer[] = [];
    let log = "";
    child.stdout.on("data", (bytes: Buffer) => output.push(bytes));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      log += text;
    });
    child.once("error", reject);
    child.once("close", (code) => {
      children.delete(child);
      resolve({ code, output: Buffer.concat(output), log });
    });
  });

/** One build of ffmpeg and ffprobe. */
export interface MediaPrograms {
  /** The name in test titles. */
  readonly build: string;
  readonly paths: { readonly ffmpeg: string; readonly ffprobe: string };
  /** Runs ffmpeg and answers its log. */
  ffmpeg(args: readonly string[]): Promise<string>;
  /** Runs ffmpeg and answers what it writes to stdout. */
  ffmpegOutput(args: readonly string[]): Promise<Buffer>;
  /** Runs ffmpeg and answers both what it writes to stdout and its log. */
  ffmpegResult(args: readonly string[]): Promise<ProgramResult>;
  /** Runs ffprobe and answers what it writes; an error that it only logs counts too. */
  ffprobe(args: readonly string[]): Promise<string>;
  /** Probes as the worker does: refusals become JobFailures. */
  probe(input: string, demuxers: readonly string[]): Promise<Probe>;
  /** Probes and inspects a source as the worker does. */
  inspect(url: string, demuxers: readonly string[], shouldMeasureFrameRate: boolean): Promise<Probe>;
  capabilities(): Promise<Capabilities>;
}

const open = (build: string, ffmpegPath: string, ffprobePath: string): MediaPrograms => {
  const ffmpeg = async (args: readonly string[]): Promise<ProgramResult> => {
    const result = await run(ffmpegPath, ["-hide_banner", "-nostdin", "-y", ...args]);
    if (result.code !== 0)
      throw new Error(`ffmpeg ${args.join(" ")}\nexit ${result.code}: ${result.log.slice(-2000)}`);
    return result;
  };
  const probe = async (input: string, demuxers: readonly string[]): Promise<Probe> => {
    const { code, output, log } = await run(ffprobePath, buildProbeArguments(demuxers, testLimits, input));
    if (code !== 0) throw classifyProbeFailure("the file", log);
    return parseProbe(JSON.parse(output.toString()), log);
  };
  let capabilities: Promise<Capabilities> | undefined;
  const runQuery = async (...args: readonly string[]) => (await run(ffmpegPath, args)).output.toString();
  const readCapabilities = async () =>
    parseCapabilities(
      await runQuery("-version"),
      parseComponents("encoders", await runQuery("-hide_banner", "-encoders")),
    );
  return {
    build,
    paths: { ffmpeg: ffmpegPath, ffprobe: ffprobePath },
    ffmpeg: async (args) => (await ffmpeg(args)).log,
    ffmpegOutput: async (args) => (await ffmpeg(args)).output,
    ffmpegResult: ffmpeg,
    async ffprobe(args) {
      const { output, log } = await run(ffprobePath, ["-v", "error", ...args]);
      if (log !== "") throw new Error(`ffprobe ${args.join(" ")}\n${log}`);
      return output.toString();
    },
    probe,
    async inspect(url, demuxers, shouldMeasureFrameRate) {
      const inspection = inspectSource(await probe(url, demuxers), shouldMeasureFrameRate, {
        url,
        demuxers,
        limits: testLimits,
      });
      let next = inspection.next();
      while (next.done !== true) {
        const { code, output } = await run(ffprobePath, next.value.arguments);
        next.value.onOutput(output.toString());
        next = inspection.next(code === 0);
      }
      return next.value;
    },
    capabilities: () => (capabilities ??= readCapabilities()),
  };
};

/** Probes each input once: for files that stay as they are. */
export const withRememberedProbes = (programs: MediaPrograms): MediaPrograms => {
  const probes = new Map<string, Promise<Probe>>();
  const remember = (key: string, probe: () => Promise<Probe>): Promise<Probe> => {
    const remembered = probes.get(key) ?? probe();
    probes.set(key, remembered);
    return remembered;
  };
  return {
    ...programs,
    probe: (input, demuxers) => remember([input, ...demuxers].join(), () => programs.probe(input, demuxers)),
    inspect: (url, demuxers, shouldMeasureFrameRate) =>
      remember([url, ...demuxers, String(shouldMeasureFrameRate)].join(), () =>
        programs.inspect(url, demuxers, shouldMeasureFrameRate),
      ),
  };
};

/** The build in the npm packages. */
export const packagedPrograms = (): MediaPrograms => {
  for (const { path } of [ffmpegInstaller, ffprobeInstaller]) chmodSync(path, 0o755);
  return open("the packaged ffmpeg", ffmpegInstaller.path, ffprobeInstaller.path);
};

/** Debian's build. */
export const debianPrograms = (): MediaPrograms =>
  open("Debian's ffmpeg", "/usr/bin/ffmpeg", "/usr/bin/ffprobe");

/** Another build: `ffmpeg` and `ffprobe` of a folder. @param build its name */
export const programsIn = (build: string, folder: string): MediaPrograms =>
  open(build, join(folder, "ffmpeg"), join(folder, "ffprobe"));
