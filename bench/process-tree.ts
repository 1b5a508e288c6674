import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

const readLines = async (path: string): Promise<string> => readFile(path, "utf8").catch(() => "");

/** Lists the processes that a process has started, and those that these have started. */
const listDescendants = async (pid: number): Promise<readonly number[]> => {
  const children = (await readLines(`/proc/${pid}/task/${pid}/children`))
    .split(" ")
    .filter((text) => text.trim() !== "")
    .map(Number);
  return [...children, ...(await Promise.all(children.map(listDescendants))).flat()];
};

/** Proportional memory of a process, bytes; 0 if it has ended. */
const readMemory = async (pid: number): Promise<number> =>
  Number(/^Pss:\s+(\d+) kB/m.exec(await readLines(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024;

/**
 * Watches the memory of the processes that an operation starts.
 *
 * @param isMeasured whether a process counts, by its command line
 * @returns the result of the operation, and the highest sum of the proportional memory (PSS) of these processes, bytes
 */
export const measureTreeMemory = async <Result>(
  operation: () => Promise<Result>,
  isMeasured: (commandLine: string) => boolean,
): Promise<{ readonly result: Result; readonly peakBytes: number }> => {
  let peakBytes = 0;
  let isDone = false;
  const watch = async (): Promise<void> => {
    while (!isDone) {
      const pids = await listDescendants(process.pid);
      const memory = await Promise.all(
        pids.map(async (pid) =>
          isMeasured(await readLines(`/proc/${pid}/cmdline`)) ? await readMemory(pid) : 0,
        ),
      );
      peakBytes = Math.max(
        peakBytes,
        memory.reduce((sum, bytes) => sum + bytes, 0),
      );
      await pause(100);
    }
  };
  const watching = watch();
  try {
    const result = await operation();
    return { result, peakBytes };
  } finally {
    isDone = true;
    await watching;
  }
};
