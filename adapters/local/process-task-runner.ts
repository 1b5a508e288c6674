import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { constants } from "node:os";
import type { TaskDefinitionEnvironment } from "../../pipeline/environment/worker.ts";
import { TaskNotStarted, type TaskRunner } from "../../pipeline/ports/task-runner.ts";
import { killOrphan } from "./orphaned-tasks.ts";
import { readProcessStart, signalGroup } from "./process-group.ts";
import { createStoppedTaskReporter } from "./stopped-task-reporter.ts";
import { isDiskFullError } from "./system-error.ts";
import { createTaskRecordStore, deriveTaskId, type TaskRecord, toTaskState } from "./task-record.ts";

/**
 * Environment variables of every program that the runtime starts. The first two save the worker 20 MB: glibc returns the
 * memory in which a program was compiled (mallopt(3), M_TRIM_THRESHOLD), and V8 frees the buffers of a read early
 * (nodejs.org/api/cli.html, --max-semi-space-size, in MiB). The last keeps the SDK's warning about Node.js 20 out of logs.
 */
export const localProgramEnvironment = {
  MALLOC_TRIM_THRESHOLD_: "65536",
  NODE_OPTIONS: "--max-semi-space-size=1",
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
};

/**
 * Environment variables of every worker on one machine. Progress is written every 2 seconds: a write takes about 10 ms of
 * CPU time of the worker and the database, while ffmpeg needs all of it.
 */
export const localWorkerEnvironment = {
  ...localProgramEnvironment,
  PROGRESS_PERIOD_SECONDS: "2",
};

export interface ProcessTaskRunnerOptions {
  /** Folder of the tasks' records and logs. */
  readonly directory: string;
  /** Program and arguments of the worker. */
  readonly program: readonly string[];
  /** Other tasks are pending, in order of arrival. */
  readonly maxConcurrentTasks: number;
  readonly definition: TaskDefinitionEnvironment;
  /** Additional environment variables of every task, e.g. the database's socket. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Returns false while no task may start, e.g. because the disk is full. `resume` starts the pending ones. */
  readonly canStart?: () => boolean;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly stopTimeoutSeconds?: number;
  /**
   * Called with an event of each stopped task, in the format of ECS. If it rejects, `resume` or `recover` retries it.
   */
  readonly onStateChange: (event: unknown) => void | Promise<void>;
}
export interface ProcessTaskRunner extends TaskRunner {
  /** Recovers the tasks of an earlier runtime: kills its processes, reports them as stopped, starts pending tasks. */
  recover(): Promise<void>;
  /** Resumes after a pause, e.g. for disk space: records and reports stopped tasks, and starts pending ones. */
  resume(): Promise<void>;
  /** Stops all tasks and waits for them. The next runtime recovers them as lost. */
  close(): Promise<void>;
}

const recordRetentionMs = 86_400_000;

/** Creates a task runner with child processes. Each has its own process group and detects the exit of its parent. */
export const createProcessTaskRunner = (options: ProcessTaskRunnerOptions): ProcessTaskRunner => {
  const records = createTaskRecordStore(options.directory);
  const pendingTasks: TaskRecord[] = [];
  const runningTasks = new Map<
    string,
    { child: ChildProcess; record: TaskRecord; exitHandled: Promise<void> }
  >();
  const stopReasons = new Map<string, string>();
  const pendingStarts = new Map<string, Promise<{ taskId: string }>>();
  let isClosing = false;

  const stoppedTasks = createStoppedTaskReporter({ records, onStateChange: options.onStateChange });
  const recordStopped = (record: TaskRecord, end: Partial<TaskRecord>): Promise<void> =>
    stoppedTasks.add({ ...record, ...end, status: "Stopped", stoppedAt: new Date().toISOString() });

  const handleExit = async (record: TaskRecord, code: number | null, signal: NodeJS.Signals | null) => {
    runningTasks.delete(record.taskId);
    if (record.pid !== undefined) signalGroup(record.pid, "SIGKILL");
    if (isClosing) return;
    const reason = stopReasons.get(record.taskId);
    stopReasons.delete(record.taskId);
    await recordStopped(record, {
      exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]),
      stopCode: reason === undefined ? "EssentialContainerExited" : "UserInitiated",
      stoppedReason: reason ?? "Essential container in task exited",
    });
    await startPending();
  };

  const launch = async (record: TaskRecord): Promise<void> => {
    const [program, ...programArguments] = options.program;
    if (program === undefined)
      throw new TaskNotStarted("No worker program is configured.", "invalid-request");
    const log = openSync(records.getLogPath(record.taskId), "a");
    const child = spawn(program, programArguments, {
      detached: true,
      env: {
        ...localWorkerEnvironment,
        ...options.definition,
        ...options.environment,
        ...record.environment,
      },
      stdio: ["ignore", log, log, "ipc"],
    });
    closeSync(log);
    const exitPromise = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      child.once("exit", (code, signal) => resolve([code, signal]));
      child.once("error", () => resolve([1, null]));
    });
    const runningRecord: TaskRecord = {
      ...record,
      status: "Running",
      pid: child.pid,
      processStart: child.pid === undefined ? undefined : readProcessStart(child.pid),
    };
    // If this fails, e.g. because the disk is full, the task is pending after a restart and runs again.
    const savePromise = records.save(runningRecord).catch(() => undefined);
    runningTasks.set(record.taskId, {
      child,
      record: runningRecord,
      exitHandled: exitPromise.then(async ([code, signal]) => {
        await savePromise;
        await handleExit(runningRecord, code, signal);
      }),
    });
    await savePromise;
  };

  const startPending = async (): Promise<void> => {
    while (!isClosing && runningTasks.size < options.maxConcurrentTasks && options.canStart?.() !== false) {
      const next = pendingTasks.shift();
      if (next === undefined) return;
      try {
        await launch(next);
      } catch (cause) {
        if (isDiskFullError(cause)) {
          pendingTasks.unshift(next);
          return;
        }
        await recordStopped(next, {
          stopCode: "TaskFailedToStart",
          stoppedReason: `the worker could not be started: ${String(cause)}`,
        });
      }
    }
  };

  const stopProcess = (taskId: string, reason: string): void => {
    const runningTask = runningTasks.get(taskId);
    if (runningTask?.record.pid === undefined) return;
    const { pid } = runningTask.record;
    stopReasons.set(taskId, reason);
    runningTask.child.kill("SIGTERM");
    const timer = setTimeout(() => signalGroup(pid, "SIGKILL"), (options.stopTimeoutSeconds ?? 10) * 1000);
    void runningTask.exitHandled.finally(() => clearTimeout(timer));
  };

  const start = async (taskId: string, environment: Record<string, string>): Promise<{ taskId: string }> => {
    await mkdir(options.directory, { recursive: true });
    if ((await records.read(taskId)) !== undefined) return { taskId };
    const record: TaskRecord = {
      taskId,
      status: "Pending",
      environment,
      createdAt: new Date().toISOString(),
      isReported: false,
    };
    await records.save(record);
    pendingTasks.push(record);
    await startPending();
    return { taskId };
  };

  return {
    run({ clientToken, environment }) {
      if (isClosing) return Promise.reject(new TaskNotStarted("The runtime is stopping.", "interruption"));
      const taskId = deriveTaskId(clientToken);
      const pendingStart = pendingStarts.get(taskId);
      if (pendingStart !== undefined) return pendingStart;
      const startPromise = start(taskId, environment).finally(() => pendingStarts.delete(taskId));
      pendingStarts.set(taskId, startPromise);
      return startPromise;
    },
    async stop(taskId, reason) {
      const index = pendingTasks.findIndex((record) => record.taskId === taskId);
      const [record] = index < 0 ? [] : pendingTasks.splice(index, 1);
      if (record !== undefined)
        await recordStopped(record, { stopCode: "UserInitiated", stoppedReason: reason });
      else stopProcess(taskId, reason);
    },
    async describe(tasks) {
      const taskRecords = await Promise.all(
        tasks.map(
          (taskId) => stoppedTasks.find(taskId) ?? runningTasks.get(taskId)?.record ?? records.read(taskId),
        ),
      );
      return taskRecords.flatMap((record) => (record === undefined ? [] : [toTaskState(record)]));
    },
    async recover() {
      await mkdir(options.directory, { recursive: true });
      const recordList = await records.list();
      for (const { taskId } of recordList.broken) await records.replaceBroken(taskId);
      for (const record of recordList.records) {
        if (record.status === "Pending") pendingTasks.push(record);
        else if (record.status === "Running") {
          killOrphan(record);
          await recordStopped(record, {
            stopCode: "RuntimeStopped",
            stoppedReason: "the runtime stopped while the task was running",
          });
        } else if (!record.isReported) await stoppedTasks.add(record);
        else if (Date.parse(record.stoppedAt ?? record.createdAt) < Date.now() - recordRetentionMs)
          await records.remove(record.taskId);
      }
      await startPending();
    },
    async resume() {
      await stoppedTasks.retry();
      await startPending();
    },
    async close() {
      isClosing = true;
      for (const taskId of runningTasks.keys()) stopProcess(taskId, "the runtime is stopping");
      await Promise.all([...runningTasks.values()].map((runningTask) => runningTask.exitHandled));
    },
  };
};
