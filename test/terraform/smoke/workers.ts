import { EventEmitter, once } from "node:events";
import { join } from "node:path";
import { createProcessTaskRunner } from "../../../adapters/local/process-task-runner.ts";
import { toStateChangeEvent } from "../../../adapters/local/task-record.ts";
import type { TaskDefinitionEnvironment } from "../../../pipeline/environment/worker.ts";
import type { JobStore } from "../../../pipeline/jobs/job-store.ts";
import type { TaskRequest, TaskRunner } from "../../../pipeline/ports/task-runner.ts";
import { bundleWorker } from "../../../runtime/worker-program.ts";

interface WorkersOptions {
  readonly folder: string;
  readonly definition: Omit<TaskDefinitionEnvironment, "SCRATCH_DIRECTORY">;
  /** How a worker reaches AWS. */
  readonly environment: Readonly<Record<string, string>>;
  readonly jobs: JobStore;
  /** Told of every stopped task, as ECS tells. */
  readonly onStateChange: (event: unknown) => Promise<void>;
}
/** Fargate's part, played by child processes that run the worker over S3 and DynamoDB. */
export interface Workers extends TaskRunner {
  /** Route whose image cannot be pulled from now on; undefined for none. */
  breakRoute(route: string | undefined): void;
  /** Settles when so many tasks have been asked for from now on. */
  started(count: number): Promise<void>;
  /** Settles when no task is left. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export const openWorkers = async (options: WorkersOptions): Promise<Workers> => {
  const { folder, definition, environment, jobs, onStateChange } = options;
  const runner = createProcessTaskRunner({
    directory: join(folder, "tasks"),
    program: await bundleWorker(join(folder, "worker.cjs")),
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
  let asked = 0;
  let open = 0;
  let broken: string | undefined;

  const routeOf = async ({ environment: given }: TaskRequest): Promise<string | null | undefined> =>
    "ROUTE" in given ? given.ROUTE : (await jobs.read(given.JOB_ID))?.route;
  /** Amazon ECS developer guide, "CannotPullContainer task errors". */
  const failToPull = ({ clientToken, environment: given }: TaskRequest) => {
    const taskId = `arn:aws:ecs:us-east-1:123456789012:task/${clientToken}`;
    const record = {
      taskId,
      status: "Stopped" as const,
      stopCode: "TaskFailedToStart",
      stoppedReason: "CannotPullContainerError: pull image manifest has been retried 7 time(s): not found",
      environment: Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)])),
      createdAt: new Date().toISOString(),
      isReported: false,
    };
    // ECS tells of it after it has answered.
    setImmediate(() => void onStateChange(toStateChangeEvent(record)));
    return { taskId };
  };
  return {
    ...runner,
    async run(request) {
      const route = broken === undefined ? undefined : await routeOf(request);
      if (route !== undefined && route === broken) return failToPull(request);
      if (!tokens.has(request.clientToken)) open += 1;
      tokens.add(request.clientToken);
      const run = await runner.run(request);
      asked += 1;
      changed.emit("changed");
      return run;
    },
    breakRoute(route) {
      broken = route;
    },
    async started(count) {
      for (const before = asked; asked < before + count; ) await once(changed, "changed");
    },
    async idle() {
      while (open > 0) await once(changed, "changed");
    },
    close: () => runner.close(),
  };
};
