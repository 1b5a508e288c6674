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
import type { DeferralCause } from "../../pipeline/ports/deferral-cause.ts";
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
  /** FARGATE or FARGATE_SPOT; absent: the cluster's default. */
  readonly capacityProvider?: string | undefined;
  /** Required for tasks in public subnets, which access AWS through a public address. @default "DISABLED" */
  readonly assignPublicIp?: "ENABLED" | "DISABLED" | undefined;
}

/** ECS's limit for the overrides of a call, characters (API reference, RunTask). */
const maxOverridesCharacters = 8192;
/**
 * Finds the cause of a refusal of RunTask. Only tokens that AWS documents decide, no sentences; a cause that is not
 * recognized changes the message alone, since every cause defers the job.
 */
const classifyRefusal = (name: string, message: string): DeferralCause => {
  const text = `${name}: ${message}`;
  if (/Throttling|TooManyRequests|RequestLimitExceeded|Rate exceeded/i.test(text)) return "rate";
  if (/Capacity|RESOURCE:|AGENT|LimitExceeded|reached the limit/i.test(text)) return "capacity";
  if (/AccessDenied/i.test(name)) return "permission";
  if (/^(ClientException|InvalidParameterException)$/.test(name) && /task ?definition/i.test(message))
    return "definition";
  return "unknown";
};

const splitIntoChunks = <Value>(values: readonly Value[], size: number): readonly (readonly Value[])[] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  );

/** Uses the worker's container: AWS may add others. */
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
 * The task of an earlier call with the same token and other parameters, e.g. an earlier task definition (Amazon ECS API
 * reference, RunTask, ConflictException).
 */
const findExistingTask = (cause: unknown): string | undefined =>
  cause instanceof ConflictException ? cause.resourceIds?.[0] : undefined;

/** True if ECS no longer has the task, one hour after it stopped. A cluster that is not found is an error. */
const isTaskNotFound = (cause: unknown): boolean =>
  cause instanceof InvalidParameterException && /task was not found/i.test(cause.message);

/** Creates the operation that stops the tasks of a cluster. */
export const createEcsTaskStopper = (client: ECSClient, cluster: string): Pick<TaskRunner, "stop"> => ({
  async stop(task, reason) {
    try {
      await client.send(new StopTaskCommand({ cluster, task, reason: reason.slice(0, 255) }));
    } catch (cause) {
      if (isTaskNotFound(cause)) return;
      throw toStoreFailure(`Stopping task ${task} in cluster ${cluster} failed`, cause);
    }
  },
});

/**
 * Creates a task runner for ECS Fargate.
 *
 * @param client from `createEcsClient`; every error becomes `TaskNotStarted`, and the caller defers the job
 */
export const createEcsTaskRunner = (client: ECSClient, options: EcsTaskRunnerOptions): TaskRunner => ({
  ...createEcsTaskStopper(client, options.cluster),
  async run({ clientToken, environment, size, capacity }) {
    const { cpu, memory } = size;
    const { capacityProvider } = options;
    const isOnDemand = capacity === "on-demand" && capacityProvider === "FARGATE_SPOT";
    const overrides = {
      cpu: String(cpu),
      memory: String(memory),
      containerOverrides: [
        {
          name: options.container,
          // A container's limits must not exceed its task's.
          cpu,
          memory,
          environment: Object.entries(environment).map(([name, value]) => ({ name, value: String(value) })),
        },
      ],
    };
    const characters = JSON.stringify(overrides).length;
    if (characters > maxOverridesCharacters)
      throw new TaskNotStarted(
        `The task overrides are ${characters} characters. ECS allows ${maxOverridesCharacters}. Upload the file with a shorter key.`,
        "invalid-request",
      );
    try {
      const { tasks = [], failures = [] } = await client.send(
        new RunTaskCommand({
          cluster: options.cluster,
          taskDefinition: options.taskDefinition,
          clientToken,
          count: 1,
          overrides,
          ...(capacityProvider === undefined
            ? {}
            : {
                capacityProviderStrategy: [
                  { capacityProvider: isOnDemand ? "FARGATE" : capacityProvider, weight: 1 },
                ],
              }),
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
      throw new TaskNotStarted(
        `ECS could not start a task: ${reasons}.`,
        failures.length === 0 ? "unknown" : classifyRefusal("", reasons),
      );
    } catch (cause) {
      if (cause instanceof TaskNotStarted) throw cause;
      const existingTask = findExistingTask(cause);
      if (existingTask !== undefined) return { taskId: existingTask };
      const { name, message } = cause instanceof Error ? cause : { name: "", message: String(cause) };
      throw new TaskNotStarted(
        `ECS could not start a task: ${name}: ${message}`,
        classifyRefusal(name, message),
        cause,
      );
    }
  },
  async describe(tasks) {
    const states: TaskState[] = [];
    for (const chunk of splitIntoChunks(tasks, 100)) {
      try {
        const { tasks: describedTasks = [], failures = [] } = await client.send(
          new DescribeTasksCommand({ cluster: options.cluster, tasks: [...chunk] }),
        );
        // Callers treat an omitted task as lost, so only missing tasks may be omitted.
        const unexpectedFailures = failures.filter(({ reason }) => reason !== "MISSING");
        if (unexpectedFailures.length > 0)
          throw new StoreFailure("unknown", `DescribeTasks failed: ${formatFailures(unexpectedFailures)}.`);
        states.push(...describedTasks.map((task) => toTaskState(task, options.container)));
      } catch (cause) {
        throw toStoreFailure(`Describing tasks in cluster ${options.cluster} failed`, cause);
      }
    }
    return states;
  },
});
