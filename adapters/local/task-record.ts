import { createHash } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { TaskState } from "../../pipeline/ports/task-state.ts";
import { writeAtomically } from "./atomic-file.ts";
import { readJsonFile } from "./json-file.ts";

const taskRecordSchema = z.object({
  taskId: z.string(),
  status: z.enum(["Pending", "Running", "Stopped"]),
  stopCode: z.string().optional(),
  stoppedReason: z.string().optional(),
  exitCode: z.number().optional(),
  containerReason: z.string().optional(),
  environment: z.record(z.string(), z.string()),
  /** Leader of the process group, and its start time. */
  pid: z.number().optional(),
  processStart: z.string().optional(),
  /** ISO 8601. */
  createdAt: z.string(),
  stoppedAt: z.string().optional(),
  /** True if the state change was reported. */
  isReported: z.boolean(),
});
export type TaskRecord = z.infer<typeof taskRecordSchema>;

/** Derives a task id from a client token. */
export const deriveTaskId = (clientToken: string): string =>
  `task-${createHash("sha256").update(clientToken).digest("hex").slice(0, 32)}`;

/** The records in the runner's folder. */
export interface TaskRecordList {
  /** Oldest first. */
  readonly records: readonly TaskRecord[];
  /** Invalid records. `reason` completes "FILE …". */
  readonly broken: readonly { readonly path: string; readonly reason: string; readonly taskId: string }[];
}

/**
 * Replaces an invalid record: the task is stopped, because a worker exits with its runtime. Its job gets another
 * attempt.
 */
const buildLostTaskRecord = (taskId: string, stoppedAt: Date): TaskRecord => ({
  taskId,
  status: "Stopped",
  stopCode: "RuntimeStopped",
  stoppedReason: "the task's record could not be read",
  environment: {},
  createdAt: stoppedAt.toISOString(),
  stoppedAt: stoppedAt.toISOString(),
  isReported: true,
});

/** Creates the store of task records: `TASK.json` and `TASK.log` for each task. */
export const createTaskRecordStore = (directory: string) => {
  const getRecordPath = (taskId: string) => join(directory, `${taskId}.json`);
  const readLostTaskRecord = async (taskId: string): Promise<TaskRecord> =>
    buildLostTaskRecord(
      taskId,
      (await stat(getRecordPath(taskId)).catch(() => undefined))?.mtime ?? new Date(0),
    );
  return {
    getLogPath: (taskId: string) => join(directory, `${taskId}.log`),
    // Not durable, because a power failure also stops the tasks. If a record is lost, the job gets another attempt.
    // This saves four fsync calls per task.
    save: (task: TaskRecord) =>
      writeAtomically(getRecordPath(task.taskId), JSON.stringify(task), { durable: false }),
    async read(taskId: string): Promise<TaskRecord | undefined> {
      const file = await readJsonFile(getRecordPath(taskId), taskRecordSchema);
      if (file.kind === "valid") return file.value;
      return file.kind === "missing" ? undefined : readLostTaskRecord(taskId);
    },
    /** Replaces an invalid record. */
    async replaceBroken(taskId: string): Promise<void> {
      await writeAtomically(getRecordPath(taskId), JSON.stringify(await readLostTaskRecord(taskId)), {
        durable: false,
      });
    },
    async list(): Promise<TaskRecordList> {
      const names = (await readdir(directory)).filter((name) => name.endsWith(".json"));
      const files = await Promise.all(
        names.map(async (name) => {
          const taskId = name.slice(0, -".json".length);
          return {
            taskId,
            path: getRecordPath(taskId),
            file: await readJsonFile(getRecordPath(taskId), taskRecordSchema),
          };
        }),
      );
      return {
        records: files
          .flatMap(({ file }) => (file.kind === "valid" ? [file.value] : []))
          .sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1)),
        broken: files.flatMap(({ taskId, path: name, file }) =>
          file.kind === "empty" || file.kind === "broken"
            ? [{ taskId, path: name, reason: file.reason }]
            : [],
        ),
      };
    },
    async remove(taskId: string): Promise<void> {
      await rm(getRecordPath(taskId), { force: true });
      await rm(join(directory, `${taskId}.log`), { force: true });
    },
  };
};

export const toTaskState = (record: TaskRecord): TaskState => ({
  taskId: record.taskId,
  status: record.status,
  stopCode: record.stopCode,
  stoppedReason: record.stoppedReason,
  exitCode: record.exitCode,
  containerReason: record.containerReason,
  environment: record.environment,
});

/** Builds the event that ECS would send for this task (EventBridge, "ECS Task State Change"). */
export const toStateChangeEvent = (record: TaskRecord): unknown => ({
  "detail-type": "ECS Task State Change",
  source: "aws.ecs",
  detail: {
    taskArn: record.taskId,
    lastStatus: record.status.toUpperCase(),
    stopCode: record.stopCode,
    stoppedReason: record.stoppedReason,
    containers: [{ name: "ffmpeg", exitCode: record.exitCode, reason: record.containerReason }],
    overrides: {
      containerOverrides: [
        {
          name: "ffmpeg",
          environment: Object.entries(record.environment).map(([name, value]) => ({ name, value })),
        },
      ],
    },
  },
});
