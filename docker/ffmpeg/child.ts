import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { Readable } from "node:stream";
import type { MemoryLimit } from "../../pipeline/encoding/memory-limit.ts";
import { limitMemory } from "./limit-memory.ts";
import { type MemoryUse, memoryReader, watchMemory } from "./watch-memory.ts";

/** Bytes of a program's log that are kept, its end. */
const logBytes = 64 * 1024;

export interface ChildOptions {
  /** Gives the program up: SIGTERM, and SIGKILL after the grace. */
  readonly signal: AbortSignal;
  /** Seconds of wall clock the program may take. */
  readonly wallSeconds: number;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly graceSeconds: number;
  /** The kernel refuses the program more, or it is killed. */
  readonly memory: Pick<MemoryLimit, "dataBytes" | "residentBytes">;
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
  /** It was killed for taking more memory than it may. */
  readonly memoryExceeded: boolean;
  /** Its memory at most, as far as was seen. */
  readonly peakBytes: MemoryUse;
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
 * Runs a media program: its memory bounded, nothing interpreted by a shell, no input, an empty environment (but GCONV_PATH, without which the packaged
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
    accessSync(program, constants.X_OK);
    const command = limitMemory(
      { program, arguments: programArguments },
      options.memory.dataBytes,
      process.platform,
    );
    const child = spawn(command.program, command.arguments, {
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
    let memoryExceeded = false;
    const memory =
      child.pid === undefined
        ? undefined
        : watchMemory({
            pid: child.pid,
            maxBytes: options.memory.residentBytes,
            ...memoryReader(process.platform),
            onExceeded: () => {
              memoryExceeded = true;
              child.kill("SIGKILL");
            },
          });
    const wall = setTimeout(() => {
      timedOut = true;
      stop();
    }, options.wallSeconds * 1000);
    options.signal.addEventListener("abort", stop, { once: true });
    const done = () => {
      memory?.stop();
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
      resolve({
        code,
        signal,
        timedOut,
        memoryExceeded,
        peakBytes: memory?.peak() ?? { data: 0, resident: 0 },
        log,
      });
    });
  });
