import { availableParallelism, totalmem } from "node:os";
import { formatBytes } from "../../pipeline/text/format.ts";
import { type CheckResult, ok } from "./check.ts";

/** Memory of one encode of 1080p with its worker, in bytes; a job runs on each core. */
const bytesPerJob = 1e9;

/** Judges memory, in bytes, against the jobs that run at once. */
export const checkMachine = (cores: number, memoryBytes: number): CheckResult => {
  const message = `${cores} ${cores === 1 ? "core" : "cores"}, ${formatBytes(memoryBytes)} of memory: ${cores} ${cores === 1 ? "job" : "jobs"} at once`;
  return memoryBytes >= cores * bytesPerJob
    ? ok("machine", message)
    : {
        name: "machine",
        status: "warning",
        message: `${message}, which may run out of memory on large video`,
        nextStep: "Give the machine 1 GB of memory a core, or upload large files one at a time.",
      };
};

/** Reads cores and memory, those of the container where there is one. */
export const runMachineCheck = (): CheckResult => {
  const limitBytes = process.constrainedMemory();
  const totalBytes = totalmem();
  return checkMachine(
    availableParallelism(),
    limitBytes > 0 && limitBytes < totalBytes ? limitBytes : totalBytes,
  );
};
