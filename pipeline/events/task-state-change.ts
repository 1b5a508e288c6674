import * as z from "zod";
import type { TaskState } from "../tasks/task.ts";

/** Amazon ECS task state change event; the fields are those of DescribeTasks. */
const schema = z.object({
  "detail-type": z.literal("ECS Task State Change"),
  detail: z.object({
    taskArn: z.string().min(1),
    lastStatus: z.string(),
    stopCode: z.string().optional(),
    stoppedReason: z.string().optional(),
    containers: z
      .array(z.object({ exitCode: z.number().int().optional(), reason: z.string().optional() }))
      .default([]),
    overrides: z
      .object({
        containerOverrides: z
          .array(
            z.object({
              environment: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
            }),
          )
          .default([]),
      })
      .optional(),
  }),
});

/** ECS's `lastStatus` in three words. */
export const taskStatus = (lastStatus: string): TaskState["status"] => {
  if (lastStatus === "STOPPED" || lastStatus === "DELETED") return "Stopped";
  return ["RUNNING", "DEACTIVATING", "STOPPING", "DEPROVISIONING"].includes(lastStatus)
    ? "Running"
    : "Pending";
};

/** The task's state; undefined for an event that is no task state change. */
export const parseTaskStateChange = (event: unknown): TaskState | undefined => {
  const parsed = schema.safeParse(event);
  if (!parsed.success) return undefined;
  const { detail } = parsed.data;
  const container = detail.containers[0];
  return {
    task: detail.taskArn,
    status: taskStatus(detail.lastStatus),
    stopCode: detail.stopCode,
    stoppedReason: detail.stoppedReason,
    exitCode: container?.exitCode,
    containerReason: container?.reason,
    environment: Object.fromEntries(
      (detail.overrides?.containerOverrides ?? []).flatMap((override) =>
        override.environment.map(({ name, value }) => [name, value] as const),
      ),
    ),
  };
};
