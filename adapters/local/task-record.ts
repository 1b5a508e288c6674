import { createHash } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { TaskState } from "../../pipeline/tasks/task.ts";
import { writeAtomically } from "./atomic-file.ts";

const schema = z.object({
  task: z.string(),
  status: z.enum(["Pending", "Running", "Stopped"]),
  stopCode: z.string().optional(),
  stoppedReason: z.string().optional(),
  exitCode: z.number().optional(),
  containerReason: z.string().optional(),
  environment: z.record(z.string(), z.string()),
  /** Leader of the process group, and when it began. */
  pid: z.number().optional(),
  processStart: z.string().optional(),
  /** ISO 8601. */
  createdAt: z.string(),
  stoppedAt: z.string().optional(),
  /** The state change was told. */
  told: z.boolean(),
});
export type TaskRecord = z.infer<typeof schema>;

/** The task of a client token, always the same. */
export const taskOfToken = (clientToken: string): string =>
  `task-${createHash("sha256").update(clientToken).digest("hex").slice(0, 32)}`;

/** The embedded runner's tasks as files: `TASK.json` each, `TASK.log` beside it. */
export const createTaskRecords = (directory: string) => {
  const path = (task: string) => join(directory, `${task}.json`);
  return {
    logPath: (task: string) => join(directory, `${task}.log`),
    save: (task: TaskRecord) => writeAtomically(path(task.task), JSON.stringify(task)),
    async read(task: string): Promise<TaskRecord | undefined> {
      try {
        return schema.parse(JSON.parse(await readFile(path(task), "utf8")));
      } catch (cause) {
        if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
        throw cause;
      }
    },
    async all(): Promise<readonly TaskRecord[]> {
      const names = (await readdir(directory)).filter((name) => name.endsWith(".json"));
      const records = await Promise.all(
        names.map(async (name) =>
          readFile(join(directory, name), "utf8")
            .then((text) => schema.parse(JSON.parse(text)))
            // An unreadable record must not keep the others from being settled.
            .catch(() => undefined),
        ),
      );
      return records
        .filter((record) => record !== undefined)
        .sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
    },
    async remove(task: string): Promise<void> {
      await rm(path(task), { force: true });
      await rm(join(directory, `${task}.log`), { force: true });
    },
  };
};

export const taskState = (record: TaskRecord): TaskState => ({
  task: record.task,
  status: record.status,
  stopCode: record.stopCode,
  stoppedReason: record.stoppedReason,
  exitCode: record.exitCode,
  containerReason: record.containerReason,
  environment: record.environment,
});

/** The event ECS would send of this task (EventBridge, "ECS Task State Change"). */
export const stateChangeEvent = (record: TaskRecord): unknown => ({
  "detail-type": "ECS Task State Change",
  source: "aws.ecs",
  detail: {
    taskArn: record.task,
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
