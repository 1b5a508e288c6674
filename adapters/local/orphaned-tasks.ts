import { mkdir } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { readProcessStart, signalGroup } from "./process-group.ts";
import { createTaskRecordStore, type TaskRecord } from "./task-record.ts";

/** Maximum wait for killed processes to disappear. Without a parent that reaps them, they remain as zombies. */
const exitTimeoutMs = 1000;

/** The process group of a task that an earlier runtime started; undefined if its id is used by another process now. */
const findOrphanedGroup = ({ pid, processStart: recordedStart }: TaskRecord): number | undefined => {
  if (pid === undefined) return undefined;
  // An id is not reused while its process group exists, so the group of a dead leader still belongs to the task.
  const leaderStart = readProcessStart(pid);
  return leaderStart === undefined || leaderStart === recordedStart ? pid : undefined;
};

/** Kills the remaining processes of a task that an earlier runtime started. Returns false if there are none. */
export const killOrphan = (record: TaskRecord): boolean => {
  const group = findOrphanedGroup(record);
  return group !== undefined && signalGroup(group, "SIGKILL");
};

/**
 * Kills the tasks of a killed runtime and waits until they have exited, so that their files can be deleted. Their
 * records are unchanged; `recover` of the task runner closes them.
 *
 * @param directory folder of the tasks' records; the caller has locked the data folder
 */
export const killOrphanedTasks = async (directory: string): Promise<void> => {
  await mkdir(directory, { recursive: true });
  const { records } = await createTaskRecordStore(directory).list();
  let remaining = records.filter((record) => record.status === "Running").filter(killOrphan);
  const deadlineMs = performance.now() + exitTimeoutMs;
  while (remaining.length > 0 && performance.now() < deadlineMs) {
    await pause(10);
    remaining = remaining.filter(killOrphan);
  }
};
