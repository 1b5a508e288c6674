import { randomUUID } from "node:crypto";
import { exitCodes } from "../../pipeline/attempts/exit-codes.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { AttemptStore } from "../../pipeline/jobs/attempt.ts";
import { handleFailure } from "./handle-failure.ts";
import { makeAttemptOutputs } from "./make-outputs.ts";
import { OutputGroups } from "./output-groups.ts";
import { produceAndPublish } from "./produce-and-publish.ts";
import { getRetryDelaysMs, retryTransient } from "./retry.ts";
import type { WorkerPorts } from "./work-ports.ts";

/**
 * Does one attempt: takes it, makes and checks the outputs, publishes them behind the fence, reports, and leaves
 * nothing behind.
 *
 * @param signal aborted with a `AttemptAborted` when the attempt must be given up
 * @param makeOutputs the attempt's work between its begin and its publication
 * @returns the exit code
 */
export const runAttempt = async (
  ports: WorkerPorts,
  attemptStore: AttemptStore,
  signal: AbortSignal,
  makeOutputs = makeAttemptOutputs,
): Promise<number> => {
  let outputGroups: OutputGroups | undefined;
  try {
    signal.throwIfAborted();
    const workerId = randomUUID();
    const specification = await retryTransient(() => attemptStore.begin(workerId), {
      delaysMs: getRetryDelaysMs(ports),
      signal,
    });
    if (specification === undefined) {
      ports.log.info("The attempt is another's or no longer wanted");
      return exitCodes.ok;
    }
    outputGroups = new OutputGroups(specification.recipe);
    const objects = await ports.openObjectStore(specification);
    const outcome = await produceAndPublish(
      { ...ports, objects },
      attemptStore,
      specification,
      outputGroups,
      signal,
      makeOutputs,
    );
    if (outcome.kind === "unknown") {
      ports.log.error("The outputs stay: the record could not be reached, and may hold the attempt's report");
      return exitCodes.temporary;
    }
    ports.log.info("The attempt is done", { outputs: outcome.outputs.length });
    return exitCodes.ok;
  } catch (cause) {
    const code = await handleFailure(ports, attemptStore, cause, outputGroups);
    // An attempt that this worker could not take, or does not know that it has, is not done.
    return code === exitCodes.ok &&
      outputGroups === undefined &&
      !(cause instanceof JobFailure && !cause.retryable)
      ? exitCodes.temporary
      : code;
  }
};
