/** The state of one task, from ECS's event or API, or from a child process. */
export interface TaskState {
  /** Task ARN, or the local task runner's own id. */
  readonly taskId: string;
  readonly status: "Pending" | "Running" | "Stopped";
  /**
   * Stop code of ECS, e.g. TaskFailedToStart, EssentialContainerExited, UserInitiated, SpotInterruption,
   * TerminationNotice; or `RuntimeStopped`: the runtime on one machine stopped and its tasks with it.
   */
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly exitCode?: number;
  /** The container's own reason, e.g. `OutOfMemoryError: Container killed due to memory usage`. */
  readonly containerReason?: string;
  /** CPU units of the task, 1,024 per vCPU; absent for a child process. */
  readonly cpu?: number;
  /** MiB of memory of the task; absent for a child process. */
  readonly memory?: number;
  /** Variables of the overrides. JOB_ID, JOB_TABLE and JOB_ATTEMPT if a function started the task. */
  readonly environment: Readonly<Record<string, string>>;
}
