/** The state of one task, from ECS's event or API, or from a child process. */
export interface TaskState {
  /** Task ARN, or the embedded runner's own id. */
  readonly taskId: string;
  readonly status: "Pending" | "Running" | "Stopped";
  /**
   * ECS's words: TaskFailedToStart, EssentialContainerExited, UserInitiated, SpotInterruption, TerminationNotice;
   * and `RuntimeStopped` of the one-machine runtime, which took its tasks with it.
   */
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly exitCode?: number;
  /** The container's own reason, e.g. `OutOfMemoryError: Container killed due to memory usage`. */
  readonly containerReason?: string;
  /** CPU units the task has, 1,024 to a core; absent for a child process. */
  readonly cpu?: number;
  /** MiB of memory the task has; absent for a child process. */
  readonly memory?: number;
  /** Variables of the overrides; JOB_ID, JOB_TABLE and JOB_ATTEMPT where a Lambda started the task. */
  readonly environment: Readonly<Record<string, string>>;
}
