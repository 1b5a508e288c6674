import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { RunningWorker } from "./worker-bench.ts";

/** The peak, over a worker's life, of the sum of its processes' peak memory: MB. */
export const measurePeakMemory = async (worker: RunningWorker): Promise<number> => {
  let peak = 0;
  while (worker.child.exitCode === null && worker.child.signalCode === null) {
    let together = 0;
    for (const pid of await worker.processes()) {
      const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
      together += Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0);
    }
    peak = Math.max(peak, together / 1024);
    await Promise.race([pause(10), worker.exited]);
  }
  return peak;
};
