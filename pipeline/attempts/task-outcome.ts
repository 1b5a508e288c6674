import { type ErrorCode, type JobError, JobFailure } from "../errors/job-error.ts";
import type { TaskState } from "../ports/task-state.ts";
import { exitCodes } from "./exit-codes.ts";
import { findNextTaskSize } from "./task-size.ts";

/** How a task ended, apart from what its worker reported. */
export type TaskOutcome =
  | { readonly kind: "running" }
  | { readonly kind: "done" }
  /** Another attempt may succeed. */
  | { readonly kind: "transient"; readonly error: JobError }
  /** Cut off by no fault of its own or of the machine's: another attempt follows, and none is spent. */
  | { readonly kind: "interrupted"; readonly error: JobError }
  | { readonly kind: "failed"; readonly error: JobError };

/** The error of an attempt whose worker ended, or vanished, without a report. */
export const buildWorkerLostError = (message: string): JobError =>
  new JobFailure(9001, message, { retryable: true }).toJobError();
const buildTransientOutcome = (code: ErrorCode, message: string): TaskOutcome => ({
  kind: "transient",
  error: new JobFailure(code, message, { retryable: true }).toJobError(),
});
const buildFailedOutcome = (code: ErrorCode, message: string): TaskOutcome => ({
  kind: "failed",
  error: new JobFailure(code, message).toJobError(),
});

/** ECS says so in the container's reason; on Fargate a bare 137 of a container nobody stopped means the same. */
const isOutOfMemory = (state: TaskState): boolean =>
  /OutOfMemory/i.test(`${state.containerReason ?? ""} ${state.stoppedReason ?? ""}`) ||
  (state.exitCode === 137 && state.memory !== undefined && state.stopCode === "EssentialContainerExited");

const buildOutOfMemoryOutcome = ({ cpu, memory }: TaskState, recipe: string): TaskOutcome => {
  const field = `taskSizes.${recipe}`;
  if (cpu === undefined || memory === undefined)
    return buildFailedOutcome(
      4005,
      `The worker ran out of memory. Raise ${field} in reelway.config.ts, deploy it, then retry the job with --force.`,
    );
  const next = findNextTaskSize({ cpu, memory });
  const advice =
    next === undefined
      ? "That is the largest size of a task: lower maxVideoPixels or the recipe's options."
      : `Raise ${field} in reelway.config.ts to { cpu: ${next.cpu}, memory: ${next.memory} }, deploy it, then retry the job with --force.`;
  return buildFailedOutcome(4005, `The worker ran out of memory at ${memory / 1024} GB. ${advice}`);
};

/** Reasons of TaskFailedToStart: Amazon ECS developer guide, "Stopped tasks error messages". */
const classifyStartFailure = (reason: string): TaskOutcome => {
  if (/CannotPull(Container|Image)/i.test(reason))
    return buildTransientOutcome(
      1001,
      `The worker's image could not be pulled: ${reason}. If it stays so, check that the image exists and that the execution role may read it.`,
    );
  if (/ResourceInitializationError/i.test(reason))
    return buildTransientOutcome(
      1001,
      `The task could not be prepared: ${reason}. If it stays so, check the task's subnets, endpoints and execution role.`,
    );
  if (/capacity/i.test(reason))
    return buildTransientOutcome(1001, `AWS had no capacity for the task: ${reason}.`);
  return buildTransientOutcome(1001, `The task did not start: ${reason}.`);
};

/** Stop codes of Amazon ECS (API reference, Task, stopCode) that say more than an exit code. */
const classifyStopCode = (state: TaskState): TaskOutcome | undefined => {
  const reason = (state.stoppedReason ?? "no reason given").replace(/\.$/, "");
  switch (state.stopCode) {
    case "SpotInterruption":
      return buildTransientOutcome(1001, "AWS took the Spot capacity of the task back.");
    case "TerminationNotice":
      return buildTransientOutcome(9001, `The machine under the task went away: ${reason}.`);
    case "RuntimeStopped":
      return { kind: "interrupted", error: buildWorkerLostError(`The worker was cut off: ${reason}.`) };
    case "TaskFailedToStart":
      return classifyStartFailure(reason);
    case "UserInitiated":
    case "ServiceSchedulerInitiated":
      return buildTransientOutcome(9001, `The task was stopped from outside: ${reason}.`);
    default:
      return undefined;
  }
};

const classifyExitCode = (exitCode: number | undefined): TaskOutcome => {
  switch (exitCode) {
    case exitCodes.ok:
      return { kind: "done" };
    case exitCodes.badSpecification:
      return buildFailedOutcome(1000, "The worker refused the job's specification; its log says why.");
    case exitCodes.badMedia:
      return buildFailedOutcome(4000, "The worker could not work the media; its log says why.");
    case exitCodes.temporary:
      return buildTransientOutcome(9000, "The worker met a passing fault; its log says which.");
    case 137:
      return buildTransientOutcome(9001, "The worker was killed.");
    case 143:
      return buildTransientOutcome(9001, "The worker was told to stop before it was done.");
    case undefined:
      return buildTransientOutcome(9001, "The worker ended without an exit code.");
    default:
      return buildTransientOutcome(9000, `The worker ended with exit code ${exitCode}; its log says why.`);
  }
};

/** The exit codes that a worker gives itself; they outrank the reason its task was stopped for. */
const workerExitCodes: ReadonlySet<number> = new Set(Object.values(exitCodes));

/**
 * The outcome of a task, in words a person understands.
 *
 * @param recipe what the task made: its size is the one to change
 */
export const classifyTaskOutcome = (state: TaskState, recipe: string): TaskOutcome => {
  if (state.status !== "Stopped") return { kind: "running" };
  if (isOutOfMemory(state)) return buildOutOfMemoryOutcome(state, recipe);
  if (state.exitCode !== undefined && workerExitCodes.has(state.exitCode))
    return classifyExitCode(state.exitCode);
  return classifyStopCode(state) ?? classifyExitCode(state.exitCode);
};
