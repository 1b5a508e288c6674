import * as z from "zod";
import type { TaskState } from "../tasks/task.ts";

/** A task as the event's `detail` and DescribeTasks show it (Amazon ECS API reference, type Task). */
const task = z.object({
  taskArn: z.string().min(1),
  lastStatus: z.string(),
  stopCode: z.string().optional(),
  stoppedReason: z.string().optional(),
  cpu: z.string().optional(),
  memory: z.string().optional(),
  containers: z
    .array(
      z.object({
        name: z.string().optional(),
        exitCode: z.number().int().optional(),
        reason: z.string().optional(),
      }),
    )
    .default([]),
  overrides: z
    .object({
      containerOverrides: z
        .array(
          z.object({
            name: z.string().optional(),
            environment: z.array(z.object({ name: z.string(), value: z.string().default("") })).default([]),
          }),
        )
        .default([]),
    })
    .prefault({}),
});
const stateChange = z.object({ "detail-type": z.literal("ECS Task State Change"), detail: task });

/** ECS's `lastStatus` in three words. */
export const taskStatus = (lastStatus: string): TaskState["status"] => {
  if (lastStatus === "STOPPED" || lastStatus === "DELETED") return "Stopped";
  return ["RUNNING", "DEACTIVATING", "STOPPING", "DEPROVISIONING"].includes(lastStatus)
    ? "Running"
    : "Pending";
};

const positive = (text: string | undefined): number | undefined => {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : undefined;
};

/**
 * A task in the domain's terms. Of several containers the one with overrides counts: a platform may add its own.
 *
 * @param value `detail` of the state change, or a task out of DescribeTasks
 * @throws ZodError where it is no task
 */
export const parseTask = (value: unknown): TaskState => {
  const parsed = task.parse(value);
  const override = parsed.overrides.containerOverrides[0];
  const container =
    parsed.containers.find(({ name }) => name !== undefined && name === override?.name) ??
    parsed.containers[0];
  const cpu = positive(parsed.cpu);
  const memory = positive(parsed.memory);
  return {
    task: parsed.taskArn,
    status: taskStatus(parsed.lastStatus),
    ...(parsed.stopCode === undefined ? {} : { stopCode: parsed.stopCode }),
    ...(parsed.stoppedReason === undefined ? {} : { stoppedReason: parsed.stoppedReason }),
    ...(container?.exitCode === undefined ? {} : { exitCode: container.exitCode }),
    ...(container?.reason === undefined ? {} : { containerReason: container.reason }),
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory }),
    environment: Object.fromEntries((override?.environment ?? []).map(({ name, value }) => [name, value])),
  };
};

/**
 * EventBridge's "ECS Task State Change" (Amazon ECS developer guide, "Task state change events"); undefined for
 * any other event.
 */
export const parseTaskStateChange = (event: unknown): TaskState | undefined => {
  const parsed = stateChange.safeParse(event);
  return parsed.success ? parseTask(parsed.data.detail) : undefined;
};
