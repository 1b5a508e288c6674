import { totalmem } from "node:os";
import { readTaskMetadata } from "./task-metadata.ts";

/**
 * Reads the memory that the worker and its children share: the least of the machine's, the control group's and the ECS
 * task's. A task that EventBridge starts directly has a limit only on the task, not on its container.
 *
 * @param endpoint task metadata endpoint; undefined outside ECS
 */
export const readTaskMemoryBytes = async (endpoint: string | undefined): Promise<number> => {
  const mebibytes = (await readTaskMetadata(endpoint))?.Limits?.Memory;
  const constrainedBytes = process.constrainedMemory();
  return Math.min(
    totalmem(),
    ...(constrainedBytes > 0 ? [constrainedBytes] : []),
    ...(mebibytes === undefined ? [] : [mebibytes * 2 ** 20]),
  );
};
