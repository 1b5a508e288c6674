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

/** Refusals that the next start would meet too: a caller that starts several jobs stops. */
const commonRefusals: ReadonlySet<StartRefusal> = new Set(["rate", "capacity", "definition", "permission"]);

/** A task could not be started. */
export class TaskNotStarted extends Error {
  readonly refusal: StartRefusal;

  constructor(message: string, refusal: StartRefusal, cause?: unknown) {
    super(message, { cause });
    this.name = "TaskNotStarted";
    this.refusal = refusal;
  }

  /** True if the next start would be refused too: the caller starts no other job in this run. */
  get stopsRun(): boolean {
    return commonRefusals.has(this.refusal);
  }
}
