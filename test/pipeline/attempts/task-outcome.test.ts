import { expect } from "chai";
import { classifyTaskOutcome } from "../../../pipeline/attempts/task-outcome.ts";
import type { TaskState } from "../../../pipeline/ports/task-state.ts";

const buildStoppedState = (change: Partial<TaskState>): TaskState => ({
  taskId: "t",
  status: "Stopped",
  environment: {},
  ...change,
});
const buildExitedState = (exitCode: number, change: Partial<TaskState> = {}) =>
  buildStoppedState({ stopCode: "EssentialContainerExited", exitCode, ...change });
const summarize = (state: TaskState): readonly unknown[] => {
  const outcome = classifyTaskOutcome(state, "ladder");
  if (outcome.kind === "taken") return [outcome.kind, outcome.refusal.cause, false, outcome.refusal.reason];
  return "error" in outcome
    ? [outcome.kind, outcome.error.code, outcome.error.retryable, outcome.error.message]
    : [outcome.kind];
};

describe("taskOutcome", () => {
  const cases: readonly (readonly [string, TaskState, string, number | string, RegExp])[] = [
    ["a bad specification", buildExitedState(64), "failed", 1000, /rejected the job's specification/],
    ["bad media", buildExitedState(65), "failed", 4000, /could not process the media/],
    ["a transient error", buildExitedState(75), "transient", 9000, /transient error/],
    ["another exit code", buildExitedState(1), "transient", 9000, /exited with code 1\./],
    ["SIGTERM", buildExitedState(143), "transient", 9001, /received SIGTERM/],
    ["SIGKILL of a child process", buildExitedState(137), "transient", 9001, /was killed/],
    [
      "no memory on Fargate",
      buildExitedState(137, { cpu: 1024, memory: 2048 }),
      "failed",
      4005,
      /at 2 GB\. Raise taskSizes\.ladder in reelway\.config\.ts to \{ cpu: 1024, memory: 3072 \}/,
    ],
    [
      "no memory, by the container's reason",
      buildStoppedState({ containerReason: "OutOfMemoryError: killed", cpu: 16_384, memory: 122_880 }),
      "failed",
      4005,
      /largest task size/,
    ],
    [
      "no memory at an unknown size",
      buildExitedState(137, { containerReason: "OutOfMemoryError" }),
      "failed",
      4005,
      /^The worker ran out of memory\. Raise taskSizes\.ladder in reelway\.config\.ts, deploy it/,
    ],
    [
      "a Spot interruption",
      buildStoppedState({ stopCode: "SpotInterruption", exitCode: 143 }),
      "taken",
      "interruption",
      /Spot interruption/,
    ],
    [
      "a terminated host",
      buildStoppedState({ stopCode: "TerminationNotice", stoppedReason: "host retired." }),
      "taken",
      "interruption",
      /host was terminated: host retired\.$/,
    ],
    [
      "an image that cannot be pulled",
      buildStoppedState({
        stopCode: "TaskFailedToStart",
        stoppedReason: "CannotPullContainerError: no such image",
      }),
      "taken",
      "image",
      /image could not be pulled: CannotPullContainerError/,
    ],
    [
      "a task that cannot be initialized",
      buildStoppedState({
        stopCode: "TaskFailedToStart",
        stoppedReason: "ResourceInitializationError: secrets",
      }),
      "taken",
      "network",
      /could not be initialized/,
    ],
    [
      "missing capacity",
      buildStoppedState({
        stopCode: "TaskFailedToStart",
        stoppedReason: "Capacity is unavailable at this time",
      }),
      "taken",
      "capacity",
      /no capacity/,
    ],
    [
      "another failed start",
      buildStoppedState({ stopCode: "TaskFailedToStart" }),
      "taken",
      "unknown",
      /no reason given/,
    ],
    [
      "a stop by a user",
      buildStoppedState({ stopCode: "UserInitiated", stoppedReason: "by hand", exitCode: 143 }),
      "transient",
      9001,
      /stopped by a user or a service: by hand/,
    ],
    ["no exit code", buildStoppedState({}), "transient", 9001, /without an exit code/],
  ];
  for (const [title, state, kind, code, expectedMessage] of cases)
    it(`classifies ${title}`, () => {
      const [gotKind, gotCode, retryable, message] = summarize(state);
      expect([gotKind, gotCode, retryable]).to.eql([kind, code, kind === "transient"]);
      expect(message).to.match(expectedMessage);
    });

  it("prefers a task that was taken back to a worker that gave up", () => {
    const state = buildStoppedState({ stopCode: "SpotInterruption", exitCode: 75 });
    expect(summarize(state)[0]).to.equal("taken");
    expect(summarize(buildStoppedState({ stopCode: "UserInitiated", exitCode: 75 }))[0]).to.equal(
      "transient",
    );
  });

  it("prefers a worker's exit code to the stop reason", () => {
    expect(summarize(buildStoppedState({ stopCode: "SpotInterruption", exitCode: 0 }))).to.eql(["done"]);
    expect(summarize(buildStoppedState({ stopCode: "SpotInterruption", exitCode: 65 }))[0]).to.equal(
      "failed",
    );
    expect(summarize(buildStoppedState({ stopCode: "UserInitiated", exitCode: 65 }))[0]).to.equal("failed");
  });

  it("is undefined for a running task", () => {
    expect(summarize(buildStoppedState({ status: "Running" }))).to.eql(["running"]);
  });
});
