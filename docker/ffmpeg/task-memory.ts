import { totalmem } from "node:os";
import { readTaskMetadata } from "./task-metadata.ts";

/**
 * Bytes of memory that the worker and its children share: of the machine, of its control group, or of its ECS task,
 * whichever is least. A task that EventBridge starts itself has no limit on its container, only on the task.
 *
 * @param endpoint of the task metadata; undefined outside ECS
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
