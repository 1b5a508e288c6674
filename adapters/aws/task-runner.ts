import {
  DescribeTasksCommand,
  type ECSClient,
  RunTaskCommand,
  StopTaskCommand,
  type Task,
} from "@aws-sdk/client-ecs";
import { taskStatus } from "../../pipeline/events/task-state-change.ts";
import { TaskNotStarted, type TaskRunner } from "../../pipeline/ports/task-runner.ts";
import type { TaskState } from "../../pipeline/tasks/task.ts";
import { storeFailure } from "./failure.ts";

export interface EcsTaskRunnerOptions {
  readonly cluster: string;
  readonly taskDefinition: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  /** Name of the worker's container. */
  readonly container: string;
  /** FARGATE or FARGATE_SPOT; absent: the cluster's own strategy. */
  readonly capacityProvider?: string;
}

/** ECS's limit of the overrides of one call, characters (API reference, RunTask). */
const maxOverrides = 8192;
/** Causes of RunTask that pass by themselves. */
const passing = /Throttl|Capacity|Unavailable|ServerException|LimitExceeded|RESOURCE:|AGENT|Timeout|ECONN/i;

const chunks = <Value>(values: readonly Value[], size: number): readonly (readonly Value[])[] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  );

const stateOf = (task: Task): TaskState => ({
  task: task.taskArn ?? "",
  status: taskStatus(task.lastStatus ?? ""),
  stopCode: task.stopCode,
  stoppedReason: task.stoppedReason,
  exitCode: task.containers?.[0]?.exitCode,
  containerReason: task.containers?.[0]?.reason,
  environment: Object.fromEntries(
    (task.overrides?.containerOverrides ?? []).flatMap((override) =>
      (override.environment ?? []).map(({ name, value }) => [name ?? "", value ?? ""] as const),
    ),
  ),
});

/** Tasks on ECS Fargate. The client's own retries back off from throttling; what is left is `TaskNotStarted`. */
export const createEcsTaskRunner = (client: ECSClient, options: EcsTaskRunnerOptions): TaskRunner => ({
  async run({ clientToken, environment }) {
    const overrides = {
      containerOverrides: [
        {
          name: options.container,
          environment: Object.entries(environment).map(([name, value]) => ({ name, value: String(value) })),
        },
      ],
    };
    const length = JSON.stringify(overrides).length;
    if (length > maxOverrides)
      throw new TaskNotStarted(
        `The task's variables take ${length} characters, ECS allows ${maxOverrides}. Upload the file under a shorter key.`,
        { retryable: false },
      );
    try {
      const { tasks = [], failures = [] } = await client.send(
        new RunTaskCommand({
          cluster: options.cluster,
          taskDefinition: options.taskDefinition,
          clientToken,
          count: 1,
          overrides,
          ...(options.capacityProvider === undefined
            ? {}
            : { capacityProviderStrategy: [{ capacityProvider: options.capacityProvider, weight: 1 }] }),
          networkConfiguration: {
            awsvpcConfiguration: {
              subnets: [...options.subnets],
              securityGroups: [...options.securityGroups],
              assignPublicIp: "DISABLED",
            },
          },
        }),
      );
      const task = tasks[0]?.taskArn;
      if (task !== undefined) return { task };
      const reasons = failures
        .map(({ reason, detail }) => [reason, detail].filter(Boolean).join(": "))
        .join("; ");
      throw new TaskNotStarted(`ECS started no task: ${reasons || "no reason given"}.`, {
        retryable: failures.length === 0 || passing.test(reasons),
      });
    } catch (cause) {
      if (cause instanceof TaskNotStarted) throw cause;
      const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
      throw new TaskNotStarted(`ECS refused to start a task: ${text}`, {
        retryable: storeFailure("", cause).retryable || passing.test(text),
        cause,
      });
    }
  },
  async stop(task, reason) {
    try {
      await client.send(
        new StopTaskCommand({ cluster: options.cluster, task, reason: reason.slice(0, 255) }),
      );
    } catch (cause) {
      if (cause instanceof Error && /not found|was not found|stopped/i.test(cause.message)) return;
      throw storeFailure(`Stopping task ${task} failed`, cause);
    }
  },
  async describe(tasks) {
    const found: TaskState[] = [];
    for (const chunk of chunks(tasks, 100)) {
      try {
        const { tasks: described = [] } = await client.send(
          new DescribeTasksCommand({ cluster: options.cluster, tasks: [...chunk] }),
        );
        found.push(...described.map(stateOf));
      } catch (cause) {
        throw storeFailure("Describing tasks failed", cause);
      }
    }
    return found;
  },
});
