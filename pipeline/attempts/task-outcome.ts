import { type ErrorCode, type JobError, JobFailure } from "../errors/job-error.ts";
import { forceRetryAdvice } from "../errors/retry-advice.ts";
import type { TaskState } from "../ports/task-state.ts";
import type { Refusal } from "./deferral.ts";
import { exitCodes } from "./exit-codes.ts";
import { findNextTaskSize } from "./task-size.ts";

/** How a task ended, without its worker's report. */
export type TaskOutcome =
  | { readonly kind: "running" }
  | { readonly kind: "done" }
  /** Another attempt may succeed. */
  | { readonly kind: "transient"; readonly error: JobError }
  /** It was not started, or was taken back: another attempt follows, and this one does not count. */
  | { readonly kind: "taken"; readonly refusal: Refusal }
  | { readonly kind: "failed"; readonly error: JobError };

/** The error of an attempt whose worker exited or disappeared without a report. */
export const buildWorkerLostError = (message: string): JobError =>
  new JobFailure(9001, message, { retryable: true }).toJobError();
const buildTransientOutcome = (code: ErrorCode, message: string): TaskOutcome => ({
  kind: "transient",
  error: new JobFailure(code, message, { retryable: true }).toJobError(),
});
const buildTakenOutcome = (cause: Refusal["cause"], reason: string): TaskOutcome => ({
  kind: "taken",
  refusal: { cause, reason },
});
const buildFailedOutcome = (code: ErrorCode, message: string): TaskOutcome => ({
  kind: "failed",
  error: new JobFailure(code, message).toJobError(),
});

/** ECS reports it in the container's reason. On Fargate, exit code 137 without a stop request means the same. */
const isOutOfMemory = (state: TaskState): boolean =>
  /OutOfMemory/i.test(`${state.containerReason ?? ""} ${state.stoppedReason ?? ""}`) ||
  (state.exitCode === 137 && state.memory !== undefined && state.stopCode === "EssentialContainerExited");

const buildOutOfMemoryOutcome = ({ cpu, memory }: TaskState, recipe: string): TaskOutcome => {
  const field = `taskSizes.${recipe}`;
  if (cpu === undefined || memory === undefined)
    return buildFailedOutcome(
      4005,
      `The worker ran out of memory. Raise ${field} in reelway.config.ts, deploy it, ${forceRetryAdvice}`,
    );
  const next = findNextTaskSize({ cpu, memory });
  const advice =
    next === undefined
      ? "This is the largest task size. Lower maxVideoPixels or the recipe's options."
      : `Raise ${field} in reelway.config.ts to { cpu: ${next.cpu}, memory: ${next.memory} }, deploy it, ${forceRetryAdvice}`;
  return buildFailedOutcome(4005, `The worker ran out of memory at ${memory / 1024} GB. ${advice}`);
};

/**
 * Reasons of TaskFailedToStart: Amazon ECS developer guide, "Stopped tasks error messages". Only their first words decide.
 * A reason that is not recognized changes the message alone.
 */
const classifyStartFailure = (reason: string): TaskOutcome => {
  if (/CannotPull(Container|Image)/i.test(reason))
    return buildTakenOutcome("image", `The worker's image could not be pulled: ${reason}.`);
  if (/ResourceInitializationError/i.test(reason))
    return buildTakenOutcome("network", `The task could not be initialized: ${reason}.`);
  if (/capacity/i.test(reason))
    return buildTakenOutcome("capacity", `AWS had no capacity for the task: ${reason}.`);
  return buildTakenOutcome("unknown", `The task did not start: ${reason}.`);
};

/** Stop codes of Amazon ECS (API reference, Task, stopCode) that are more specific than an exit code. */
const classifyStopCode = (state: TaskState): TaskOutcome | undefined => {
  const reason = (state.stoppedReason ?? "no reason given").replace(/\.$/, "");
  switch (state.stopCode) {
    case "SpotInterruption":
      return buildTakenOutcome("interruption", "The task stopped because of a Spot interruption.");
    case "TerminationNotice":
      return buildTakenOutcome("interruption", `The task's host was terminated: ${reason}.`);
    case "RuntimeStopped":
      return buildTakenOutcome("interruption", `The worker was interrupted: ${reason}.`);
    case "TaskFailedToStart":
      return classifyStartFailure(reason);
    case "UserInitiated":
    case "ServiceSchedulerInitiated":
      return buildTransientOutcome(9001, `The task was stopped by a user or a service: ${reason}.`);
    default:
      return undefined;
  }
};

const classifyExitCode = (exitCode: number | undefined): TaskOutcome => {
  switch (exitCode) {
    case exitCodes.ok:
      return { kind: "done" };
    case exitCodes.badSpecification:
      return buildFailedOutcome(
        1000,
        "The worker rejected the job's specification. See its log for the reason.",
      );
    case exitCodes.badMedia:
      return buildFailedOutcome(4000, "The worker could not process the media. See its log for the reason.");
    case exitCodes.temporary:
      return buildTransientOutcome(
        9000,
        "The worker failed with a transient error. See its log for the reason.",
      );
    case 137:
      return buildTransientOutcome(9001, "The worker was killed.");
    case 143:
      return buildTransientOutcome(9001, "The worker received SIGTERM before it finished.");
    case undefined:
      return buildTransientOutcome(9001, "The worker exited without an exit code.");
    default:
      return buildTransientOutcome(
        9000,
        `The worker exited with code ${exitCode}. See its log for the reason.`,
      );
  }
};

/** The worker's own exit codes take precedence over the task's stop reason. */
const workerExitCodes: ReadonlySet<number> = new Set(Object.values(exitCodes));

/**
 * Classifies a stopped task, with a message for the user.
 *
 * @param recipe field of `taskSizes` that sets the task's size
 */
export const classifyTaskOutcome = (state: TaskState, recipe: string): TaskOutcome => {
  if (state.status !== "Stopped") return { kind: "running" };
  if (isOutOfMemory(state)) return buildOutOfMemoryOutcome(state, recipe);
  const stop = classifyStopCode(state);
  // A worker whose task is taken back gives up its attempt by itself.
  if (state.exitCode === exitCodes.temporary && stop?.kind === "taken") return stop;
  if (state.exitCode !== undefined && workerExitCodes.has(state.exitCode))
    return classifyExitCode(state.exitCode);
  return stop ?? classifyExitCode(state.exitCode);
};
