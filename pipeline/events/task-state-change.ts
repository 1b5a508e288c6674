import type { TaskState } from "../ports/task-state.ts";
import * as z from "../schema/z.ts";

/** A task in the event's `detail` and in DescribeTasks (Amazon ECS API reference, type Task). */
const taskSchema = z.object({
  taskArn: z.string().check(z.minLength(1)),
  lastStatus: z.string(),
  stopCode: z.optional(z.string()),
  stoppedReason: z.optional(z.string()),
  cpu: z.optional(z.string()),
  memory: z.optional(z.string()),
  containers: z._default(
    z.array(
      z.object({
        name: z.optional(z.string()),
        exitCode: z.optional(z.int()),
        reason: z.optional(z.string()),
      }),
    ),
    [],
  ),
  overrides: z.prefault(
    z.object({
      containerOverrides: z._default(
        z.array(
          z.object({
            name: z.optional(z.string()),
            environment: z._default(
              z.array(z.object({ name: z.string(), value: z._default(z.string(), "") })),
              [],
            ),
          }),
        ),
        [],
      ),
    }),
    {},
  ),
});
const stateChangeSchema = z.object({ "detail-type": z.literal("ECS Task State Change"), detail: taskSchema });

/** Maps the `lastStatus` of ECS to Pending, Running or Stopped. */
export const mapTaskStatus = (lastStatus: string): TaskState["status"] => {
  if (lastStatus === "STOPPED" || lastStatus === "DELETED") return "Stopped";
  return ["RUNNING", "DEACTIVATING", "STOPPING", "DEPROVISIONING"].includes(lastStatus)
    ? "Running"
    : "Pending";
};

const parsePositiveInteger = (text: string | undefined): number | undefined => {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : undefined;
};

/**
 * Converts an ECS task. If it has several containers, the one with overrides is used: AWS may add containers of its
 * own.
 *
 * @param value `detail` of the state change, or a task from DescribeTasks
 * @throws ZodError if it is not a task
 */
export const parseTask = (value: unknown): TaskState => {
  const parsed = taskSchema.parse(value);
  const override = parsed.overrides.containerOverrides[0];
  const container =
    parsed.containers.find(({ name }) => name !== undefined && name === override?.name) ??
    parsed.containers[0];
  const cpu = parsePositiveInteger(parsed.cpu);
  const memory = parsePositiveInteger(parsed.memory);
  return {
    taskId: parsed.taskArn,
    status: mapTaskStatus(parsed.lastStatus),
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
 * Parses EventBridge's "ECS Task State Change" (Amazon ECS developer guide, "Task state change events"); undefined for
 * any other event.
 */
export const parseTaskStateChange = (event: unknown): TaskState | undefined => {
  const parsed = stateChangeSchema.safeParse(event);
  return parsed.success ? parseTask(parsed.data.detail) : undefined;
};
