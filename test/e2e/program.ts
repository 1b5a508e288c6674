import { type ChildProcess, execFile, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { findMediaPrograms } from "../../adapters/local/media-programs.ts";

/** The command as it is in the sources. */
export const sourceBin = fileURLToPath(new URL("../../cli/bin.js", import.meta.url));
/** The command: compiled by the runner of the tests, else from its sources. */
export const bin = process.env.REELWAY_BIN || sourceBin;

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a person does; unless `path` is given, PATH holds no ffmpeg, so the packaged one works. */
export const reelway = (words: readonly string[], cwd?: string, path = "/nonexistent"): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [bin, ...words],
      { cwd, env: { PATH: path, TMPDIR: tmpdir() }, maxBuffer: 2 ** 24 },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
  });

/** Makes a clip with the packaged ffmpeg. */
export const makeClip = (path: string, seconds: number, size = "320x180"): Promise<void> =>
  new Promise((resolve, reject) => {
    const given = `-v error -y -f lavfi -i testsrc2=s=${size}:d=${seconds} -f lavfi -i sine=d=${seconds} -shortest -c:v libx264 -preset ultrafast -c:a aac`;
    execFile(findMediaPrograms("").ffmpeg, [...given.split(" "), path], { env: {} }, (error) =>
      error === null ? resolve() : reject(error),
    );
  });

/** A running `reelway start`. */
export interface Started {
  readonly child: ChildProcess;
  readonly port: number;
  /** Settles with the exit code, or null after a signal. */
  readonly ended: Promise<number | null>;
  /** What it has written to standard output by now. */
  output(): string;
  /** What it has written to standard error by now. */
  errors(): string;
}

/** Starts a runtime and waits until it says that it runs. */
export const startReelway = async (data: string): Promise<Started> => {
  const child = spawn(process.execPath, [bin, "start", "--data", data, "--port", "0"], {
    env: { PATH: "/nonexistent", TMPDIR: tmpdir() },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  let said = "";
  let complained = "";
  child.stderr.on("data", (text) => {
    complained += String(text);
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.on("data", (text) => {
      said += String(text);
      const found = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(said)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    void ended.then(() => reject(new Error(`reelway start ended: ${complained}`)));
  });
  return { child, port, ended, output: () => said, errors: () => complained };
};

/** Asks again until the answer is there. */
export const eventually = async <Answer>(ask: () => Promise<Answer | undefined>): Promise<Answer> => {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await pause(100);
  }
};
