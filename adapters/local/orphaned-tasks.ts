import { mkdir } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { processStart, signalGroup } from "./process-group.ts";
import { createTaskRecords, type TaskRecord } from "./task-record.ts";

/** Milliseconds that killed processes may take to disappear; where no parent reaps them, they remain as zombies. */
const exitMs = 1000;

/** The process group of a task that an earlier runtime started; undefined where its number is another's by now. */
const orphanedGroup = ({ pid, processStart: began }: TaskRecord): number | undefined => {
  if (pid === undefined) return undefined;
  // A number is not given again while a group of that number lives: a dead leader's group is still the task's.
  const leader = processStart(pid);
  return leader === undefined || leader === began ? pid : undefined;
};

/** Kills what is left of a task that an earlier runtime started; false where there is nothing left. */
export const killOrphan = (record: TaskRecord): boolean => {
  const group = orphanedGroup(record);
  return group !== undefined && signalGroup(group, "SIGKILL");
};

/**
 * Kills the tasks that a killed runtime left, and waits until they are gone, so that their files can be removed.
 * Their records stay as they are: `recover` of the task runner closes them.
 *
 * @param directory folder of the tasks' records; the caller has locked the data folder
 */
export const killOrphanedTasks = async (directory: string): Promise<void> => {
  await mkdir(directory, { recursive: true });
  const { records } = await createTaskRecords(directory).all();
  let left = records.filter((record) => record.status === "Running").filter(killOrphan);
  const until = performance.now() + exitMs;
  while (left.length > 0 && performance.now() < until) {
    await pause(10);
    left = left.filter(killOrphan);
  }
};
