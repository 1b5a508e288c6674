import { mkdir } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { readProcessStart, signalGroup } from "./process-group.ts";
import { createTaskRecordStore, type TaskRecord } from "./task-record.ts";

/** Milliseconds that killed processes may take to disappear; where no parent reaps them, they remain as zombies. */
const exitTimeoutMs = 1000;

/** The process group of a task that an earlier runtime started; undefined where its number is another's by now. */
const findOrphanedGroup = ({ pid, processStart: recordedStart }: TaskRecord): number | undefined => {
  if (pid === undefined) return undefined;
  // A number is not given again while a group of that number lives: a dead leader's group is still the task's.
  const leaderStart = readProcessStart(pid);
  return leaderStart === undefined || leaderStart === recordedStart ? pid : undefined;
};

/** Kills what is left of a task that an earlier runtime started; false where there is nothing left. */
export const killOrphan = (record: TaskRecord): boolean => {
  const group = findOrphanedGroup(record);
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
  const { records } = await createTaskRecordStore(directory).list();
  let remaining = records.filter((record) => record.status === "Running").filter(killOrphan);
  const deadlineMs = performance.now() + exitTimeoutMs;
  while (remaining.length > 0 && performance.now() < deadlineMs) {
    await pause(10);
    remaining = remaining.filter(killOrphan);
  }
};
