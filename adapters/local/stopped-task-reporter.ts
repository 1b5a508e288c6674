import { type createTaskRecordStore, type TaskRecord, toStateChangeEvent } from "./task-record.ts";

interface StoppedTaskReporterOptions {
  readonly records: Pick<ReturnType<typeof createTaskRecordStore>, "save">;
  readonly onStateChange: (event: unknown) => void | Promise<void>;
}
/** Records and reports stopped tasks. */
export interface StoppedTaskReporter {
  /**
   * Records a stopped task, then reports it. If this fails, e.g. because the disk is full, the task is kept for
   * `retry`.
   */
  add(record: TaskRecord): Promise<void>;
  /** Retries failed tasks. */
  retry(): Promise<void>;
  /** Finds a stopped task that is not recorded and reported yet. */
  find(taskId: string): TaskRecord | undefined;
}

/** Creates a reporter. A stopped task is recorded before it is reported, and reported at least once. */
export const createStoppedTaskReporter = ({
  records,
  onStateChange,
}: StoppedTaskReporterOptions): StoppedTaskReporter => {
  const pending = new Map<string, TaskRecord>();
  const inProgress = new Set<string>();
  const reportStopped = async (record: TaskRecord): Promise<void> => {
    if (inProgress.has(record.taskId)) return;
    inProgress.add(record.taskId);
    try {
      await records.save(record);
      await onStateChange(toStateChangeEvent(record));
      await records.save({ ...record, isReported: true });
      pending.delete(record.taskId);
    } catch {
      // It stays pending.
    } finally {
      inProgress.delete(record.taskId);
    }
  };
  return {
    add(record) {
      pending.set(record.taskId, record);
      return reportStopped(record);
    },
    async retry() {
      for (const record of [...pending.values()]) await reportStopped(record);
    },
    find: (task) => pending.get(task),
  };
};
