import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { Readable } from "node:stream";
import type { MemoryLimit } from "../../../pipeline/encoding/memory-limit.ts";
import { limitMemory } from "./limit-memory.ts";
import { getMediaUser, runAsMediaUser } from "./media-user.ts";
import { type MemoryUsage, selectMemoryReader, watchMemory } from "./watch-memory.ts";

/** Bytes that are kept from the end of a program's log. */
const maxLogBytes = 64 * 1024;

export interface ChildOptions {
  /** Stops the program: SIGTERM, then SIGKILL after `graceSeconds`. */
  readonly signal: AbortSignal;
  /** Wall-clock limit. */
  readonly timeoutSeconds: number;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly graceSeconds: number;
  /** Memory limit. The kernel rejects further allocations, or the program is killed. */
  readonly memory: Pick<MemoryLimit, "dataBytes" | "residentBytes">;
  readonly cwd?: string;
  readonly onOutput?: (text: string) => void;
  /** Lines of file descriptor 3. */
  readonly onProgress?: (line: string) => void;
  /** Lines of standard error. */
  readonly onLog?: (line: string) => void;
  /** Whether a line of standard error is kept in the returned log. Default: every line. */
  readonly shouldKeepLine?: (line: string) => boolean;
}
export interface ChildResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly timedOut: boolean;
  /** True if it was killed because it exceeded its memory limit. */
  readonly memoryExceeded: boolean;
  /** Highest observed memory usage. */
  readonly peakMemory: MemoryUsage;
  /** The end of standard error. */
  readonly log: string;
}

const forEachLine = (stream: Readable, onLine: (line: string) => void): void => {
  let partialLine = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (partialLine + text).split(/[\r\n]+/);
    partialLine = (lines.pop() ?? "").slice(-maxLogBytes);
    for (const line of lines) onLine(line);
  });
  stream.on("end", () => {
    if (partialLine !== "") onLine(partialLine);
  });
};

/**
 * Runs a media program with limits on memory and log size, without input, and with an empty environment except
 * GCONV_PATH, without which the packaged ffprobe crashes on MPEG-TS. No shell interprets its arguments. Runs it as the
 * media user if there is one (`useMediaUser`). Resolves when the program has exited and its pipes are closed.
 *
 * @throws the spawn error if the program cannot be started
 */
export const runChild = (
  program: string,
  programArguments: readonly string[],
  options: ChildOptions,
): Promise<ChildResult> =>
  new Promise((resolve, reject) => {
    options.signal.throwIfAborted();
    accessSync(program, constants.X_OK);
    const command = runAsMediaUser(
      limitMemory({ program, arguments: programArguments }, options.memory.dataBytes, process.platform),
      getMediaUser(),
    );
    const child = spawn(command.program, command.arguments, {
      shell: false,
      cwd: options.cwd,
      env: { GCONV_PATH: "/nonexistent" },
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    let log = "";
    let timedOut = false;
    let killTimer: NodeJS.Timeout | undefined;
    const stop = () => {
      child.kill("SIGTERM");
      killTimer ??= setTimeout(() => child.kill("SIGKILL"), options.graceSeconds * 1000);
    };
    let memoryExceeded = false;
    const memoryWatch =
      child.pid === undefined
        ? undefined
        : watchMemory({
            pid: child.pid,
            maxBytes: options.memory.residentBytes,
            ...selectMemoryReader(process.platform),
            onExceeded: () => {
              memoryExceeded = true;
              child.kill("SIGKILL");
            },
          });
    const wallTimer = setTimeout(() => {
      timedOut = true;
      stop();
    }, options.timeoutSeconds * 1000);
    options.signal.addEventListener("abort", stop, { once: true });
    const cleanUp = () => {
      memoryWatch?.stop();
      clearTimeout(wallTimer);
      clearTimeout(killTimer);
      options.signal.removeEventListener("abort", stop);
    };
    child.stdout?.setEncoding("utf8").on("data", (text: string) => options.onOutput?.(text));
    const readLines = (stream: unknown, onLine: (line: string) => void) => {
      if (stream instanceof Readable) forEachLine(stream, onLine);
    };
    readLines(child.stderr, (line) => {
      if (options.shouldKeepLine?.(line) !== false) log = `${log}${line}\n`.slice(-maxLogBytes);
      options.onLog?.(line);
    });
    readLines(child.stdio[3], (line) => options.onProgress?.(line));
    child.once("error", (cause) => {
      cleanUp();
      reject(cause);
    });
    child.once("close", (code, signal) => {
      cleanUp();
      resolve({
        code,
        signal,
        timedOut,
        memoryExceeded,
        peakMemory: memoryWatch?.getPeak() ?? { dataBytes: 0, residentBytes: 0 },
        log,
      });
    });
  });
