import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";

/** Memory of a process in bytes. */
export interface MemoryUsage {
  /** Private writable memory, used or not; 0 if the system does not report it. */
  readonly dataBytes: number;
  readonly residentBytes: number;
}
/** Reads the current memory usage of a process; undefined if it has exited. */
export type MemoryReader = (pid: number) => MemoryUsage | undefined | Promise<MemoryUsage | undefined>;

export interface MemoryWatchOptions {
  readonly pid: number;
  /** Bytes of resident memory. */
  readonly maxBytes: number;
  readonly read: MemoryReader;
  /** Milliseconds between the first readings. */
  readonly intervalMs: number;
  /**
   * The interval grows to this with the age of the process: memory bombs are at the start of a file, and a reading each
   * 50 ms takes 1 % of the CPU time of an encode. @default `intervalMs`
   */
  readonly maxIntervalMs?: number;
  /** Called once, at the first reading over the limit. */
  readonly onExceeded: () => void;
}
export interface MemoryWatch {
  /** The largest readings so far. */
  getPeak(): MemoryUsage;
  stop(): void;
}

const dataPattern = /^VmData:\s+(\d+) kB/m;
const residentPattern = /^RssAnon:\s+(\d+) kB/m;
const parseKibibytes = (status: string, pattern: RegExp): number =>
  Number(pattern.exec(status)?.[1] ?? 0) * 1024;

/**
 * Reads the memory that RLIMIT_DATA counts, and anonymous resident memory (proc(5), `/proc/PID/status`). The kernel
 * answers from memory: a synchronous read takes a fifth of the CPU time of an asynchronous one.
 */
export const readLinuxMemory: MemoryReader = (pid) => {
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, "latin1");
  } catch {
    return undefined;
  }
  return {
    dataBytes: parseKibibytes(status, dataPattern),
    residentBytes: parseKibibytes(status, residentPattern),
  };
};

/** Reads the resident set size with `ps`, for macOS and the BSDs. */
export const readPsMemory: MemoryReader = (pid) =>
  new Promise((resolve) => {
    execFile("/bin/ps", ["-o", "rss=", "-p", String(pid)], { timeout: 5000 }, (error, text) => {
      const kibibytes = Number(text.trim());
      resolve(
        error === null && kibibytes > 0 ? { dataBytes: 0, residentBytes: kibibytes * 1024 } : undefined,
      );
    });
  });

/** The memory reader for a platform, and an interval that suits its cost. */
export const selectMemoryReader = (
  platform: NodeJS.Platform,
): Pick<MemoryWatchOptions, "read" | "intervalMs" | "maxIntervalMs"> =>
  platform === "linux"
    ? { read: readLinuxMemory, intervalMs: 50, maxIntervalMs: 500 }
    : { read: readPsMemory, intervalMs: 500 };

/** Part of a process's age that passes between two readings. */
const intervalRatio = 1 / 10;

/**
 * Polls the memory usage of a process and reports when it exceeds the limit. This is the only limit on macOS, which
 * enforces none. On Linux it limits resident memory, in addition to the kernel's limit on allocated memory.
 */
export const watchMemory = (options: MemoryWatchOptions): MemoryWatch => {
  const { intervalMs, maxIntervalMs = intervalMs } = options;
  const startedMs = performance.now();
  const computeIntervalMs = (): number =>
    Math.min(maxIntervalMs, Math.max(intervalMs, (performance.now() - startedMs) * intervalRatio));
  let peak: MemoryUsage = { dataBytes: 0, residentBytes: 0 };
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const checkUsage = async () => {
    const usage = await options.read(options.pid);
    if (isStopped || usage === undefined) return;
    peak = {
      dataBytes: Math.max(peak.dataBytes, usage.dataBytes),
      residentBytes: Math.max(peak.residentBytes, usage.residentBytes),
    };
    if (usage.residentBytes > options.maxBytes) options.onExceeded();
    else timer = setTimeout(checkUsage, computeIntervalMs());
  };
  void checkUsage();
  return {
    getPeak: () => peak,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
};
