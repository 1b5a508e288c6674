import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";

/** Memory of a process in bytes. */
export interface MemoryUsage {
  /** Private writable memory, touched or not; 0 where the system does not say. */
  readonly dataBytes: number;
  readonly residentBytes: number;
}
/** Reads what a process has now; undefined where it is gone. */
export type MemoryReader = (pid: number) => Promise<MemoryUsage | undefined>;

export interface MemoryWatchOptions {
  readonly pid: number;
  /** Bytes of resident memory. */
  readonly maxBytes: number;
  readonly read: MemoryReader;
  /** Milliseconds between two readings. */
  readonly intervalMs: number;
  /** Called once, at the first reading over the limit. */
  readonly onExceeded: () => void;
}
export interface MemoryWatch {
  /** The largest readings so far. */
  getPeak(): MemoryUsage;
  stop(): void;
}

const parseField = (status: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0) * 1024;

/** What RLIMIT_DATA counts, and what is resident and no file's (proc(5), `/proc/PID/status`). */
export const readLinuxMemory: MemoryReader = async (pid) => {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => undefined);
  return status === undefined
    ? undefined
    : { dataBytes: parseField(status, "VmData"), residentBytes: parseField(status, "RssAnon") };
};

/** The resident set by `ps`, which macOS and the BSDs have. */
export const readPsMemory: MemoryReader = (pid) =>
  new Promise((resolve) => {
    execFile("/bin/ps", ["-o", "rss=", "-p", String(pid)], { timeout: 5000 }, (error, text) => {
      const kibibytes = Number(text.trim());
      resolve(
        error === null && kibibytes > 0 ? { dataBytes: 0, residentBytes: kibibytes * 1024 } : undefined,
      );
    });
  });

/** The reader of a system, and how often it is worth its cost. */
export const selectMemoryReader = (
  platform: NodeJS.Platform,
): Pick<MemoryWatchOptions, "read" | "intervalMs"> =>
  platform === "linux" ? { read: readLinuxMemory, intervalMs: 50 } : { read: readPsMemory, intervalMs: 500 };

/**
 * Reads the memory of a process again and again, and says when it holds too much: the only bound on macOS, which
 * enforces no limit on memory; on Linux the bound on what is held, beside the kernel's on what is asked for.
 */
export const watchMemory = (options: MemoryWatchOptions): MemoryWatch => {
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
    else timer = setTimeout(checkUsage, options.intervalMs);
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
