import { type JobError, JobFailure } from "../job/error.ts";
import { exitCodes } from "../work/exit.ts";
import type { TaskState } from "./task.ts";

/** How a stopped task ended, apart from what its worker reported. */
export type TaskOutcome =
  | { readonly kind: "done" }
  /** Another attempt may succeed. */
  | { readonly kind: "temporary"; readonly error: JobError }
  | { readonly kind: "failed"; readonly error: JobError };

const temporary = (code: 1001 | 9000 | 9001, message: string): TaskOutcome => ({
  kind: "temporary",
  error: new JobFailure(code, message, { retryable: true }).toJSON(),
});
const failed = (code: 1000 | 4000 | 4005 | 9000, message: string): TaskOutcome => ({
  kind: "failed",
  error: new JobFailure(code, message).toJSON(),
});

/** Stop codes of Amazon ECS (API reference, Task, stopCode). */
const byStopCode = (state: TaskState): TaskOutcome | undefined => {
  const reason = state.stoppedReason ?? "no reason given";
  switch (state.stopCode) {
    case "SpotInterruption":
      return temporary(1001, "AWS took the Spot capacity of the task back.");
    case "TerminationNotice":
      return temporary(9001, `The machine under the task went away: ${reason}`);
    case "TaskFailedToStart":
      return /CannotPullContainer|pull/i.test(reason)
        ? temporary(1001, `The worker's image could not be pulled: ${reason}`)
        : temporary(1001, `The task did not start: ${reason}`);
    case "ServiceSchedulerInitiated":
    case "UserInitiated":
      return temporary(9001, `The task was stopped from outside: ${reason}`);
    default:
      return undefined;
  }
};

const byExitCode = (exitCode: number | undefined): TaskOutcome => {
  switch (exitCode) {
    case exitCodes.ok:
      return { kind: "done" };
    case exitCodes.badSpecification:
      return failed(1000, "The worker refused the job's specification and could not say why in its record.");
    case exitCodes.badMedia:
      return failed(4000, "The worker could not work the media and could not say why in its record.");
    case exitCodes.temporary:
      return temporary(9000, "The worker met a passing fault.");
    case 137:
      return temporary(9001, "The worker was killed.");
    case 143:
      return temporary(9001, "The worker was told to stop.");
    case undefined:
      return temporary(9001, "The worker's container ended without an exit code.");
    default:
      return temporary(9000, `The worker ended with exit code ${exitCode}.`);
  }
};

const outOfMemory = (state: TaskState): boolean =>
  /OutOfMemory/i.test(state.containerReason ?? "") || /OutOfMemory/i.test(state.stoppedReason ?? "");

/**
 * The outcome of a stopped task in words a person understands.
 *
 * @param nextMemory the next larger size of the task, e.g. `8 GB`, named when memory ran out
 */
export const taskOutcome = (state: TaskState, nextMemory = "the next size"): TaskOutcome => {
  if (outOfMemory(state))
    return failed(
      4005,
      `The worker ran out of memory. Give the recipe a task of ${nextMemory}, then retry the job.`,
    );
  if (state.exitCode === undefined || state.stopCode === "SpotInterruption")
    return byStopCode(state) ?? byExitCode(state.exitCode);
  return byExitCode(state.exitCode);
};
