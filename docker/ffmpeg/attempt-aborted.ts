/** Why an attempt is given up from outside. */
export type AbortReason = "lost" | "stopped" | "orphaned";

/**
 * The attempt must not go on: another holds it or the job has ended (`lost`), the task was told to stop
 * (`stopped`), or the runtime that started it is gone (`orphaned`). Nothing it made may stay.
 */
export class AttemptAborted extends Error {
  readonly reason: AbortReason;

  constructor(reason: AbortReason) {
    super(`The attempt was given up: ${reason}.`);
    this.name = "AttemptAborted";
    this.reason = reason;
  }
}
