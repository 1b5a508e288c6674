import type { WorkerEnvironment } from "../environment/worker.ts";
import type { DeferralCause } from "./deferral-cause.ts";
import type { TaskState } from "./task-state.ts";

/** CPU and memory of a worker's task. */
export interface TaskSize {
  /** CPU units, 1,024 to a vCPU. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
}
export interface TaskRequest {
  /** Job id, `-`, attempt; at most 64 characters. The same token returns the first task again, running or stopped. */
  readonly clientToken: string;
  /** The variables that differ between tasks; 8,192 characters in total. */
  readonly environment: WorkerEnvironment;
  /** A size that Fargate offers. Ignored by a runner of child processes. */
  readonly size: TaskSize;
  /** `on-demand` also if the runner starts Spot tasks otherwise. Absent: the runner's own. */
  readonly capacity?: "on-demand";
}

/** Starts workers. `run` rejects with `TaskNotStarted`. */
export interface TaskRunner {
  run(request: TaskRequest): Promise<{ readonly taskId: string }>;
  /** Does nothing if the task has stopped or is unknown. */
  stop(taskId: string, reason: string): Promise<void>;
  /** Returns the tasks in any order. Unknown and expired tasks are omitted. */
  describe(taskIds: readonly string[]): Promise<readonly TaskState[]>;
}

/** Why a task could not be started. Only `invalid-request` is permanent. */
export type StartRefusal = DeferralCause | "invalid-request";

/** A task could not be started. `retryable` is true for throttling and missing capacity. */
export class TaskNotStarted extends Error {
  readonly retryable: boolean;
  /** Refused because of the rate of calls. */
  readonly isThrottled: boolean;
  readonly refusal: StartRefusal;
  /** The next start would be refused too: the caller starts no other job in this run. */
  readonly stopsRun: boolean;

  constructor(
    message: string,
    options: {
      retryable: boolean;
      isThrottled?: boolean;
      refusal?: StartRefusal;
      stopsRun?: boolean;
      cause?: unknown;
    },
  ) {
    super(message, { cause: options.cause });
    this.name = "TaskNotStarted";
    this.retryable = options.retryable;
    this.isThrottled = options.isThrottled ?? false;
    this.refusal = options.refusal ?? "unknown";
    this.stopsRun = options.stopsRun ?? false;
  }
}
