import { randomUUID } from "node:crypto";
import { exitCodes } from "../../../pipeline/attempts/exit-codes.ts";
import { isPermanentFailure } from "../../../pipeline/errors/job-error.ts";
import type { AttemptSpecification, AttemptStore } from "../../../pipeline/jobs/attempt.ts";
import { explainReadRefusal } from "../../../pipeline/jobs/source-access.ts";
import { handleFailure } from "../failures/handle-failure.ts";
import { getRetryPolicy, retryTransient } from "../failures/retry.ts";
import { OutputGroups } from "../outputs/output-groups.ts";
import { makeAttemptOutputs } from "./make-outputs.ts";
import { produceAndPublish } from "./produce-and-publish.ts";
import type { WorkerPorts } from "./work-ports.ts";

/**
 * Runs one attempt: claims it, creates, checks and publishes the outputs, reports the result, and deletes its temporary
 * files.
 *
 * @param signal aborted with an `AttemptAborted` to abort the attempt
 * @param makeOutputs creates and checks the outputs
 * @returns the exit code
 */
export const runAttempt = async (
  ports: WorkerPorts,
  attemptStore: AttemptStore,
  signal: AbortSignal,
  makeOutputs = makeAttemptOutputs,
): Promise<number> => {
  let outputGroups: OutputGroups | undefined;
  let claimed: AttemptSpecification | undefined;
  try {
    signal.throwIfAborted();
    const workerId = randomUUID();
    const specification = await retryTransient(() => attemptStore.begin(workerId), {
      policy: getRetryPolicy(ports),
      signal,
    });
    if (specification === undefined) {
      ports.log.info("Attempt skipped: it is claimed by another worker or canceled");
      return exitCodes.ok;
    }
    claimed = specification;
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
      ports.log.error("Job record not reachable; keeping the outputs");
      return exitCodes.temporary;
    }
    ports.log.info("Attempt complete", { outputs: outcome.outputs.length });
    return exitCodes.ok;
  } catch (cause) {
    const failure = claimed === undefined ? cause : explainReadRefusal(claimed, cause, ports.reader);
    const code = await handleFailure(ports, attemptStore, failure, outputGroups);
    // If the claim failed or its result is unknown, the attempt is not complete.
    return code === exitCodes.ok && outputGroups === undefined && !isPermanentFailure(cause)
      ? exitCodes.temporary
      : code;
  }
};
