import type { WorkerEnvironment } from "../environment/worker.ts";
import type { TaskState } from "./task-state.ts";

/** What a worker's task gets. */
export interface TaskSize {
  /** CPU units, 1,024 to a vCPU. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
}
export interface TaskRequest {
  /** Job id, `-`, attempt: the same token answers the first task again, dead or alive. At most 64 characters. */
  readonly clientToken: string;
  /** Only the variables that differ from task to task; 8,192 characters in all. */
  readonly environment: WorkerEnvironment;
  /** One that Fargate offers; a runner of child processes passes over it. */
  readonly size: TaskSize;
}

/** Starts workers. `run` rejects with `TaskNotStarted`. */
export interface TaskRunner {
  run(request: TaskRequest): Promise<{ readonly taskId: string }>;
  /** No error where the task has stopped already, or the runner does not know it. */
  stop(taskId: string, reason: string): Promise<void>;
  /** In any order; tasks the runner does not know, or no longer, are left out. */
  describe(taskIds: readonly string[]): Promise<readonly TaskState[]>;
}

/** A task could not be started; `retryable` for throttling and missing capacity. */
export class TaskNotStarted extends Error {
  readonly retryable: boolean;
  /** Refused because of the rate of calls. */
  readonly isThrottled: boolean;

  constructor(message: string, options: { retryable: boolean; isThrottled?: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = "TaskNotStarted";
    this.retryable = options.retryable;
    this.isThrottled = options.isThrottled ?? false;
  }
}
