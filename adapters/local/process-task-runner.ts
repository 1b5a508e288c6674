import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { constants } from "node:os";
import type { WorkerDefinition } from "../../pipeline/environment/worker.ts";
import { TaskNotStarted, type TaskRunner } from "../../pipeline/ports/task-runner.ts";
import { killOrphan } from "./orphaned-tasks.ts";
import { processStart, signalGroup } from "./process-group.ts";
import { isDiskFullError } from "./system-code.ts";
import { createTaskEnds } from "./task-ends.ts";
import { createTaskRecords, type TaskRecord, taskOfToken, taskState } from "./task-record.ts";

export interface ProcessTaskRunnerOptions {
  /** Folder of the tasks' records and logs. */
  readonly directory: string;
  /** Program and arguments of the worker. */
  readonly program: readonly string[];
  /** Tasks at once; the rest wait in order of arrival. */
  readonly slots: number;
  readonly definition: WorkerDefinition;
  /** Further variables of every task, e.g. the database's address. */
  readonly environment?: Readonly<Record<string, string>>;
  /** False while no task may start, e.g. on a full disk; `resume` starts those that wait. */
  readonly mayStart?: () => boolean;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly stopSeconds?: number;
  /** Gets an event of every stopped task, as ECS sends it; after a rejection it gets it again by `resume` or `recover`. */
  readonly onStateChange: (event: unknown) => void | Promise<void>;
}
export interface ProcessTaskRunner extends TaskRunner {
  /** Settles what an earlier life left: kills its processes, tells their ends, starts what waited. */
  recover(): Promise<void>;
  /** Does what had to wait, e.g. for disk space: records and reports ends, and starts tasks as far as there are slots. */
  resume(): Promise<void>;
  /** Stops every task and waits for them; they are recovered as lost by the next life. */
  close(): Promise<void>;
}

const day = 86_400_000;

/** Tasks as child processes: each its own process group, with a channel by which it sees its parent vanish. */
export const createProcessTaskRunner = (options: ProcessTaskRunnerOptions): ProcessTaskRunner => {
  const records = createTaskRecords(options.directory);
  const waiting: TaskRecord[] = [];
  const running = new Map<string, { child: ChildProcess; record: TaskRecord; ended: Promise<void> }>();
  const stopping = new Map<string, string>();
  const starting = new Map<string, Promise<{ task: string }>>();
  let closing = false;

  const ends = createTaskEnds({ records, onStateChange: options.onStateChange });
  const stopped = (record: TaskRecord, end: Partial<TaskRecord>): Promise<void> =>
    ends.add({ ...record, ...end, status: "Stopped", stoppedAt: new Date().toISOString() });

  const ended = async (record: TaskRecord, code: number | null, signal: NodeJS.Signals | null) => {
    running.delete(record.task);
    if (record.pid !== undefined) signalGroup(record.pid, "SIGKILL");
    if (closing) return;
    const reason = stopping.get(record.task);
    stopping.delete(record.task);
    await stopped(record, {
      exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]),
      stopCode: reason === undefined ? "EssentialContainerExited" : "UserInitiated",
      stoppedReason: reason ?? "Essential container in task exited",
    });
    await fill();
  };

  const launch = async (record: TaskRecord): Promise<void> => {
    const [program, ...programArguments] = options.program;
    if (program === undefined) throw new TaskNotStarted("No worker program is given.", { retryable: false });
    const log = openSync(records.logPath(record.task), "a");
    const child = spawn(program, programArguments, {
      detached: true,
      env: { ...options.definition, ...options.environment, ...record.environment },
      stdio: ["ignore", log, log, "ipc"],
    });
    closeSync(log);
    const exit = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      child.once("exit", (code, signal) => resolve([code, signal]));
      child.once("error", () => resolve([1, null]));
    });
    const live: TaskRecord = {
      ...record,
      status: "Running",
      pid: child.pid,
      processStart: child.pid === undefined ? undefined : processStart(child.pid),
    };
    // Without it, on a full disk, the task counts as pending after a restart, and runs again.
    const saved = records.save(live).catch(() => undefined);
    running.set(record.task, {
      child,
      record: live,
      ended: exit.then(async ([code, signal]) => {
        await saved;
        await ended(live, code, signal);
      }),
    });
    await saved;
  };

  const fill = async (): Promise<void> => {
    while (!closing && running.size < options.slots && options.mayStart?.() !== false) {
      const next = waiting.shift();
      if (next === undefined) return;
      try {
        await launch(next);
      } catch (cause) {
        if (isDiskFullError(cause)) {
          waiting.unshift(next);
          return;
        }
        await stopped(next, {
          stopCode: "TaskFailedToStart",
          stoppedReason: `the worker could not be started: ${String(cause)}`,
        });
      }
    }
  };

  const stopProcess = (task: string, reason: string): void => {
    const live = running.get(task);
    if (live?.record.pid === undefined) return;
    const { pid } = live.record;
    stopping.set(task, reason);
    live.child.kill("SIGTERM");
    const timer = setTimeout(() => signalGroup(pid, "SIGKILL"), (options.stopSeconds ?? 10) * 1000);
    void live.ended.finally(() => clearTimeout(timer));
  };

  const start = async (task: string, environment: Record<string, string>): Promise<{ task: string }> => {
    await mkdir(options.directory, { recursive: true });
    if ((await records.read(task)) !== undefined) return { task };
    const record: TaskRecord = {
      task,
      status: "Pending",
      environment,
      createdAt: new Date().toISOString(),
      told: false,
    };
    await records.save(record);
    waiting.push(record);
    await fill();
    return { task };
  };

  return {
    run({ clientToken, environment }) {
      if (closing) return Promise.reject(new TaskNotStarted("The runtime is stopping.", { retryable: true }));
      const task = taskOfToken(clientToken);
      const under = starting.get(task);
      if (under !== undefined) return under;
      const started = start(task, environment).finally(() => starting.delete(task));
      starting.set(task, started);
      return started;
    },
    async stop(task, reason) {
      const index = waiting.findIndex((record) => record.task === task);
      const [record] = index < 0 ? [] : waiting.splice(index, 1);
      if (record !== undefined) await stopped(record, { stopCode: "UserInitiated", stoppedReason: reason });
      else stopProcess(task, reason);
    },
    async describe(tasks) {
      const found = await Promise.all(
        tasks.map((task) => ends.find(task) ?? running.get(task)?.record ?? records.read(task)),
      );
      return found.flatMap((record) => (record === undefined ? [] : [taskState(record)]));
    },
    async recover() {
      await mkdir(options.directory, { recursive: true });
      const found = await records.all();
      for (const { task } of found.broken) await records.replaceBroken(task);
      for (const record of found.records) {
        if (record.status === "Pending") waiting.push(record);
        else if (record.status === "Running") {
          killOrphan(record);
          await stopped(record, {
            stopCode: "RuntimeStopped",
            stoppedReason: "the runtime was stopped while the task ran",
          });
        } else if (!record.told) await ends.add(record);
        else if (Date.parse(record.stoppedAt ?? record.createdAt) < Date.now() - day)
          await records.remove(record.task);
      }
      await fill();
    },
    async resume() {
      await ends.retry();
      await fill();
    },
    async close() {
      closing = true;
      for (const task of running.keys()) stopProcess(task, "the runtime is stopping");
      await Promise.all([...running.values()].map((live) => live.ended));
    },
  };
};
