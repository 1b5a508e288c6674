import { spawn } from "node:child_process";
import { Readable } from "node:stream";

/** Bytes of a program's log that are kept, its end. */
const logBytes = 64 * 1024;

export interface ChildOptions {
  /** Gives the program up: SIGTERM, and SIGKILL after the grace. */
  readonly signal: AbortSignal;
  /** Seconds of wall clock the program may take. */
  readonly wallSeconds: number;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly graceSeconds: number;
  readonly cwd?: string;
  readonly onOutput?: (text: string) => void;
  /** Lines of file descriptor 3. */
  readonly onProgress?: (line: string) => void;
  /** Lines of standard error. */
  readonly onLog?: (line: string) => void;
  /** Whether a line of standard error belongs to the log that is answered. Default: every line. */
  readonly isKept?: (line: string) => boolean;
}
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly timedOut: boolean;
  /** The end of standard error. */
  readonly log: string;
}

const eachLine = (stream: Readable, take: (line: string) => void): void => {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (rest + text).split(/[\r\n]+/);
    rest = (lines.pop() ?? "").slice(-logBytes);
    for (const line of lines) take(line);
  });
  stream.on("end", () => {
    if (rest !== "") take(rest);
  });
};

/**
 * Runs a media program: no shell, no input, an empty environment (but GCONV_PATH, without which the packaged
 * ffprobe crashes on MPEG-TS), its log bounded. Answers when the program and its pipes are gone.
 *
 * @throws the program's own spawn error where it cannot be started
 */
export const runChild = (
  program: string,
  programArguments: readonly string[],
  options: ChildOptions,
): Promise<ChildEnd> =>
  new Promise((resolve, reject) => {
    options.signal.throwIfAborted();
    const child = spawn(program, programArguments, {
      shell: false,
      cwd: options.cwd,
      env: { GCONV_PATH: "/nonexistent" },
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    let log = "";
    let timedOut = false;
    let killer: NodeJS.Timeout | undefined;
    const stop = () => {
      child.kill("SIGTERM");
      killer ??= setTimeout(() => child.kill("SIGKILL"), options.graceSeconds * 1000);
    };
    const wall = setTimeout(() => {
      timedOut = true;
      stop();
    }, options.wallSeconds * 1000);
    options.signal.addEventListener("abort", stop, { once: true });
    const done = () => {
      clearTimeout(wall);
      clearTimeout(killer);
      options.signal.removeEventListener("abort", stop);
    };
    child.stdout?.setEncoding("utf8").on("data", (text: string) => options.onOutput?.(text));
    const readLines = (stream: unknown, take: (line: string) => void) => {
      if (stream instanceof Readable) eachLine(stream, take);
    };
    readLines(child.stderr, (line) => {
      if (options.isKept?.(line) !== false) log = `${log}${line}\n`.slice(-logBytes);
      options.onLog?.(line);
    });
    readLines(child.stdio[3], (line) => options.onProgress?.(line));
    child.once("error", (cause) => {
      done();
      reject(cause);
    });
    child.once("close", (code, signal) => {
      done();
      resolve({ code, signal, timedOut, log });
    });
  });
