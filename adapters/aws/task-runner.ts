import {
  ConflictException,
  DescribeTasksCommand,
  type ECSClient,
  type Failure,
  InvalidParameterException,
  RunTaskCommand,
  StopTaskCommand,
  type Task,
} from "@aws-sdk/client-ecs";
import { parseTask } from "../../pipeline/events/task-state-change.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { TaskNotStarted, type TaskRunner } from "../../pipeline/ports/task-runner.ts";
import type { TaskState } from "../../pipeline/ports/task-state.ts";
import { toStoreFailure } from "./store-failure.ts";

export interface EcsTaskRunnerOptions {
  readonly cluster: string;
  readonly taskDefinition: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  /** Name of the worker's container. */
  readonly container: string;
  /** FARGATE or FARGATE_SPOT; absent: the cluster's own strategy. */
  readonly capacityProvider?: string | undefined;
  /** Tasks in public subnets reach AWS through an address of their own. @default "DISABLED" */
  readonly assignPublicIp?: "ENABLED" | "DISABLED" | undefined;
}

/** ECS's limit of the overrides of one call, characters (API reference, RunTask). */
const maxOverridesCharacters = 8192;
/** Causes of RunTask that pass by themselves. */
const transientErrorPattern =
  /Throttl|Capacity|Unavailable|ServerException|LimitExceeded|reached the limit|RESOURCE:|AGENT|Timeout|ECONN/i;

const throttlingErrorNames = new Set(["ThrottlingException", "Throttling", "RequestLimitExceeded"]);

const splitIntoChunks = <Value>(values: readonly Value[], size: number): readonly (readonly Value[])[] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  );

/** Of several containers the worker's counts: a platform may add its own, before or behind it. */
const toTaskState = (task: Task, container: string): TaskState =>
  parseTask({
    ...task,
    containers: task.containers?.filter(({ name }) => name === container),
    overrides: {
      containerOverrides: task.overrides?.containerOverrides?.filter(({ name }) => name === container),
    },
  });

const formatFailures = (failures: readonly Failure[]): string =>
  failures.map(({ reason, detail }) => [reason, detail].filter(Boolean).join(": ")).join("; ") ||
  "no reason given";

/**
 * The task of an earlier call with the same token and other parameters, e.g. the task definition before a
 * deployment (Amazon ECS API reference, RunTask, ConflictException).
 */
const findExistingTask = (cause: unknown): string | undefined =>
  cause instanceof ConflictException ? cause.resourceIds?.[0] : undefined;

/** ECS forgets a task an hour after its end. A cluster, too, may be "not found": that is an error. */
const isTaskNotFound = (cause: unknown): boolean =>
  cause instanceof InvalidParameterException && /task was not found/i.test(cause.message);

/**
 * Tasks on ECS Fargate.
 *
 * @param client of `createEcsClient`, whose retries back off from throttling; what is left is `TaskNotStarted`
 */
export const createEcsTaskRunner = (client: ECSClient, options: EcsTaskRunnerOptions): TaskRunner => ({
  async run({ clientToken, environment, size }) {
    const { cpu, memory } = size;
    const overrides = {
      cpu: String(cpu),
      memory: String(memory),
      containerOverrides: [
        {
          name: options.container,
          // What the container itself is given may not be more than its task has.
          cpu,
          memory,
          environment: Object.entries(environment).map(([name, value]) => ({ name, value: String(value) })),
        },
      ],
    };
    const characters = JSON.stringify(overrides).length;
    if (characters > maxOverridesCharacters)
      throw new TaskNotStarted(
        `The task's variables take ${characters} characters, ECS allows ${maxOverridesCharacters}. Upload the file under a shorter key.`,
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
              assignPublicIp: options.assignPublicIp ?? "DISABLED",
            },
          },
        }),
      );
      const taskId = tasks[0]?.taskArn;
      if (taskId !== undefined) return { taskId };
      const reasons = formatFailures(failures);
      throw new TaskNotStarted(`ECS started no task: ${reasons}.`, {
        retryable: failures.length === 0 || transientErrorPattern.test(reasons),
      });
    } catch (cause) {
      if (cause instanceof TaskNotStarted) throw cause;
      const existingTask = findExistingTask(cause);
      if (existingTask !== undefined) return { taskId: existingTask };
      const message = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
      throw new TaskNotStarted(`ECS refused to start a task: ${message}`, {
        retryable: toStoreFailure("", cause).retryable || transientErrorPattern.test(message),
        isThrottled: cause instanceof Error && throttlingErrorNames.has(cause.name),
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
      if (isTaskNotFound(cause)) return;
      throw toStoreFailure(`Stopping task ${task} in cluster ${options.cluster} failed`, cause);
    }
  },
  async describe(tasks) {
    const states: TaskState[] = [];
    for (const chunk of splitIntoChunks(tasks, 100)) {
      try {
        const { tasks: describedTasks = [], failures = [] } = await client.send(
          new DescribeTasksCommand({ cluster: options.cluster, tasks: [...chunk] }),
        );
        // Only a missing task may be left out: whoever asks takes what is left out for lost.
        const unexpectedFailures = failures.filter(({ reason }) => reason !== "MISSING");
        if (unexpectedFailures.length > 0)
          throw new StoreFailure("unknown", `ECS describes no task: ${formatFailures(unexpectedFailures)}.`);
        states.push(...describedTasks.map((task) => toTaskState(task, options.container)));
      } catch (cause) {
        throw toStoreFailure(`Describing tasks of cluster ${options.cluster} failed`, cause);
      }
    }
    return states;
  },
});
