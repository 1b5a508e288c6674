import { type ChildProcess, execFile, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { findMediaPrograms } from "../../adapters/local/media-programs.ts";

/** Path of the command, which runs the compiled package. */
export const bin = fileURLToPath(new URL("../../cli/bin.js", import.meta.url));

/** The result of a command. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command; unless `path` is given, PATH has no ffmpeg, so the packaged one is used. */
export const reelway = (
  args: readonly string[],
  cwd?: string,
  path = "/nonexistent",
): Promise<CommandResult> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [bin, ...args],
      { cwd, env: { PATH: path, TMPDIR: tmpdir() }, maxBuffer: 2 ** 24 },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
  });

const runPackagedFfmpeg = (args: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    execFile(findMediaPrograms("").ffmpeg, ["-v", "error", "-y", ...args], { env: {} }, (error) =>
      error === null ? resolve() : reject(error),
    );
  });

/** Makes a clip with the packaged ffmpeg. */
export const makeClip = (path: string, seconds: number, size = "320x180"): Promise<void> => {
  const options = `-f lavfi -i testsrc2=s=${size}:d=${seconds} -f lavfi -i sine=d=${seconds} -shortest -c:v libx264 -preset ultrafast -c:a aac`;
  return runPackagedFfmpeg([...options.split(" "), path]);
};

/** Makes a square image of one color with the packaged ffmpeg. @param color as ffmpeg names it */
export const makeImage = (path: string, color: string): Promise<void> =>
  runPackagedFfmpeg(["-f", "lavfi", "-i", `color=${color}:s=100x100`, "-frames:v", "1", path]);

/** Joins a number of copies of a clip without encoding them again. */
export const loopClip = (source: string, copies: number, path: string): Promise<void> =>
  runPackagedFfmpeg(["-stream_loop", String(copies - 1), "-i", source, "-c", "copy", path]);

/** A running `reelway start`. */
export interface RunningRuntime {
  readonly child: ChildProcess;
  readonly port: number;
  /** Resolves with the exit code, or null after a signal. */
  readonly exited: Promise<number | null>;
  /** Standard output so far. */
  output(): string;
  /** Standard error so far. */
  errors(): string;
}

/**
 * Starts a runtime and waits until it reports its address.
 *
 * @param requestedPort 0 for any free port
 * @param options further options of the command
 */
export const startReelway = (
  data: string,
  requestedPort = 0,
  ...options: readonly string[]
): Promise<RunningRuntime> =>
  startConfigured({}, ["--data", data, "--port", String(requestedPort), ...options]);

/**
 * Starts a runtime with variables of its own and waits until it reports its address.
 *
 * @param environment e.g. REELWAY_CONFIG
 * @param options of the command
 */
export const startConfigured = async (
  environment: Readonly<Record<string, string>>,
  options: readonly string[],
): Promise<RunningRuntime> => {
  const child = spawn(process.execPath, [bin, "start", ...options], {
    env: { PATH: "/nonexistent", TMPDIR: tmpdir(), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  let stdout = "";
  let stderr = "";
  child.stderr.on("data", (text) => {
    stderr += String(text);
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.on("data", (text) => {
      stdout += String(text);
      const portText = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(stdout)?.[1];
      if (portText !== undefined) resolve(Number(portText));
    });
    void exited.then(() => reject(new Error(`reelway start ended: ${stderr}`)));
  });
  return { child, port, exited, output: () => stdout, errors: () => stderr };
};

/** Polls until the result is defined. */
export const pollUntil = async <Answer>(poll: () => Promise<Answer | undefined>): Promise<Answer> => {
  for (;;) {
    const answer = await poll();
    if (answer !== undefined) return answer;
    await pause(100);
  }
};
