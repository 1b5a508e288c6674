/** Why an attempt is aborted. */
export type AbortReason = "lost" | "stopped" | "orphaned";

/**
 * The attempt must not continue: another worker holds it or the job is closed (`lost`), the task received SIGTERM
 * (`stopped`), or the runtime that started it has exited (`orphaned`). Its outputs are deleted.
 */
export class AttemptAborted extends Error {
  readonly reason: AbortReason;

  constructor(reason: AbortReason) {
    super(`Attempt aborted: ${reason}.`);
    this.name = "AttemptAborted";
    this.reason = reason;
  }
}
