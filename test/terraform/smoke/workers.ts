import { EventEmitter, once } from "node:events";
import { join } from "node:path";
import { createProcessTaskRunner } from "../../../adapters/local/process-task-runner.ts";
import { toStateChangeEvent } from "../../../adapters/local/task-record.ts";
import { startProgram } from "../../../build/package-directory.ts";
import type { TaskDefinitionEnvironment } from "../../../pipeline/environment/worker.ts";
import type { JobStore } from "../../../pipeline/jobs/job-store.ts";
import type { TaskRequest, TaskRunner } from "../../../pipeline/ports/task-runner.ts";

interface WorkersOptions {
  readonly folder: string;
  readonly definition: Omit<TaskDefinitionEnvironment, "SCRATCH_DIRECTORY">;
  /** Environment with which a worker reaches AWS. */
  readonly environment: Readonly<Record<string, string>>;
  readonly jobs: JobStore;
  /** Called for every stopped task, as ECS does. */
  readonly onStateChange: (event: unknown) => Promise<void>;
}
/** Child processes in place of Fargate, which run the worker with S3 and DynamoDB. */
export interface Workers extends TaskRunner {
  /** Route whose image cannot be pulled from now on; undefined for none. */
  breakRoute(route: string | undefined): void;
  /** Resolves when the given number of tasks has been started from now on. */
  started(count: number): Promise<void>;
  /** Resolves when no task is left. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export const openWorkers = async (options: WorkersOptions): Promise<Workers> => {
  const { folder, definition, environment, jobs, onStateChange } = options;
  const runner = createProcessTaskRunner({
    directory: join(folder, "tasks"),
    program: [process.execPath, startProgram],
    maxConcurrentTasks: 2,
    definition: { ...definition, SCRATCH_DIRECTORY: join(folder, "scratch") },
    environment,
    async onStateChange(event) {
      await onStateChange(event);
      open -= 1;
      changed.emit("changed");
    },
  });
  const changed = new EventEmitter();
  const tokens = new Set<string>();
  let startedCount = 0;
  let open = 0;
  let broken: string | undefined;

  const findRoute = async ({ environment: variables }: TaskRequest): Promise<string | null | undefined> =>
    "ROUTE" in variables ? variables.ROUTE : (await jobs.read(variables.JOB_ID))?.route;
  /** Amazon ECS developer guide, "CannotPullContainer task errors". */
  const failToPull = ({ clientToken, environment: variables }: TaskRequest) => {
    const taskId = `arn:aws:ecs:us-east-1:123456789012:task/${clientToken}`;
    const record = {
      taskId,
      status: "Stopped" as const,
      stopCode: "TaskFailedToStart",
      stoppedReason: "CannotPullContainerError: pull image manifest has been retried 7 time(s): not found",
      environment: Object.fromEntries(
        Object.entries(variables).map(([name, value]) => [name, String(value)]),
      ),
      createdAt: new Date().toISOString(),
      isReported: false,
    };
    // ECS sends the event after its response.
    setImmediate(() => void onStateChange(toStateChangeEvent(record)));
    return { taskId };
  };
  return {
    ...runner,
    async run(request) {
      const route = broken === undefined ? undefined : await findRoute(request);
      if (route !== undefined && route === broken) return failToPull(request);
      if (!tokens.has(request.clientToken)) open += 1;
      tokens.add(request.clientToken);
      const run = await runner.run(request);
      startedCount += 1;
      changed.emit("changed");
      return run;
    },
    breakRoute(route) {
      broken = route;
    },
    async started(count) {
      for (const before = startedCount; startedCount < before + count; ) await once(changed, "changed");
    },
    async idle() {
      while (open > 0) await once(changed, "changed");
    },
    close: () => runner.close(),
  };
};
