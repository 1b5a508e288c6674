import { availableParallelism, totalmem } from "node:os";
import { type CheckResult, ok } from "../../pipeline/text/check-result.ts";
import { formatBytes } from "../../pipeline/text/format.ts";

/** Memory of one 1080p encode and its worker, in bytes. One job runs per core. */
const bytesPerJob = 1e9;

/** Checks the memory, in bytes, against the number of concurrent jobs. */
export const checkMachine = (cores: number, memoryBytes: number): CheckResult => {
  const message = `${cores} ${cores === 1 ? "core" : "cores"}, ${formatBytes(memoryBytes)} of memory: ${cores} ${cores === 1 ? "job" : "jobs"} at once`;
  return memoryBytes >= cores * bytesPerJob
    ? ok("machine", message)
    : {
        name: "machine",
        status: "warning",
        message: `${message}, which may run out of memory on large video`,
        nextStep: "Add memory, 1 GB per core, or upload large files one at a time.",
      };
};

/** Checks the cores and the memory of this machine, or of its container. */
export const runMachineCheck = (): CheckResult => {
  const limitBytes = process.constrainedMemory();
  const totalBytes = totalmem();
  return checkMachine(
    availableParallelism(),
    limitBytes > 0 && limitBytes < totalBytes ? limitBytes : totalBytes,
  );
};
