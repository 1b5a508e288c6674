import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import type { JobError } from "../../pipeline/job/error.ts";
import { JobFailure } from "../../pipeline/job/error.ts";
import type { JobOutput, WorkReport } from "../../pipeline/job/job.ts";
import type { ObjectHead } from "../../pipeline/ports/object-store.ts";
import { exitCodes } from "../../pipeline/work/exit.ts";
import type { Ledger, WorkOrder } from "../../pipeline/work/order.ts";
import { attemptWork } from "./attempt.ts";
import { asJobFailure, exitCodeOf } from "./failure.ts";
import { Halt } from "./halt.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { Parts } from "./parts.ts";
import { atStage, initialProgress } from "./progress.ts";
import { makeScratch } from "./scratch.ts";
import { type ScratchWatch, startScratchWatch } from "./scratch-watch.ts";
import { headSource } from "./source-head.ts";
import { trueCause } from "./true-cause.ts";
import type { WorkerPorts, WorkPorts } from "./work-ports.ts";

const codeOfHalt = (halt: Halt): number => (halt.reason === "lost" ? exitCodes.ok : exitCodes.temporary);

/** Tells the record of a failure, and answers the exit code that says the same. */
const tell = async (
  ports: Pick<WorkPorts, "log">,
  ledger: Ledger,
  failure: JobFailure,
  parts: Parts | undefined,
): Promise<number> => {
  const error: JobError = failure.toJSON();
  ports.log.error("The attempt failed", { ...error });
  const told = failure.retryable ? undefined : parts?.report([], failure);
  const report: WorkReport = {
    outputs: [],
    warnings: [],
    error,
    ...(told === undefined ? {} : { parts: told }),
  };
  try {
    return (await ledger.report(report)) ? exitCodeOf(failure) : exitCodes.ok;
  } catch (cause) {
    ports.log.error("The failure could not be recorded; the task's end will tell it", {
      cause: String(cause),
    });
    return exitCodeOf(failure);
  }
};

/** Ends an attempt that did not succeed: by the record where there is one, and by the exit code. */
const endBadly = async (
  ports: Pick<WorkPorts, "log" | "scratch">,
  ledger: Ledger,
  cause: unknown,
  parts: Parts | undefined,
): Promise<number> => {
  if (cause instanceof Halt) {
    ports.log.info(cause.message);
    if (cause.reason !== "stopped") return codeOfHalt(cause);
    return tell(
      ports,
      ledger,
      new JobFailure(9001, "The worker was told to stop before it was done.", { retryable: true }),
      parts,
    );
  }
  return tell(ports, ledger, asJobFailure(cause, ports.scratch), parts);
};

/** Takes everything back that a failed attempt had published; a failure to do so is only logged. */
const withdrawQuietly = async (ports: WorkPorts, withdraw: () => Promise<void>): Promise<void> => {
  try {
    await withdraw();
  } catch (cause) {
    ports.log.error("An output of a failed attempt could not be removed", { cause: String(cause) });
  }
};

const runOrder = async (
  ports: WorkPorts,
  ledger: Ledger,
  order: WorkOrder,
  parts: Parts,
  outer: AbortSignal,
): Promise<readonly JobOutput[]> => {
  const inner = new AbortController();
  const signal = AbortSignal.any([outer, inner.signal]);
  let progress = initialProgress;
  const heartbeat = startHeartbeat({
    ledger,
    log: ports.log,
    now: () => ({ percent: progress.percent, stage: progress.stage }),
    onLost: () => inner.abort(new Halt("lost")),
    onSilence: (cause) =>
      inner.abort(
        new JobFailure(1001, `The job's record could not be reached for a minute: ${String(cause)}`, {
          retryable: true,
          cause,
        }),
      ),
  });
  const beat: typeof heartbeat.beat = async (probe) => {
    if (await heartbeat.beat(probe)) return true;
    throw new Halt("lost");
  };
  let head: ObjectHead | undefined;
  let folder: string | undefined;
  let watch: ScratchWatch | undefined;
  try {
    folder = await makeScratch(ports.scratch, order.id, order.attempt);
    watch = startScratchWatch({
      scratch: ports.scratch,
      folder,
      maxBytes: ports.scratchBytes,
      onFailure: (failure) => inner.abort(failure),
    });
    head = await headSource(ports, order);
    const { publication, warnings, ...end } = await attemptWork(ports, order, {
      folder,
      head,
      signal,
      fail: (failure) => inner.abort(failure),
      beat,
      update: (change) => {
        progress = change(progress);
      },
      parts,
    });
    // Some muxers end well on a full volume, and a picture cut short still passes for one.
    await watch.look();
    signal.throwIfAborted();
    try {
      await beat();
      await publication.publish((percent) => {
        progress = atStage(progress, "publishing", percent);
      });
      signal.throwIfAborted();
      parts.throwIfAllFailed();
      await heartbeat.stop();
      const outputs = end.outputs();
      const told = parts.report(outputs);
      if (!(await ledger.report({ outputs, warnings, ...(told === undefined ? {} : { parts: told }) })))
        throw new Halt("lost");
    } catch (cause) {
      await withdrawQuietly(ports, () => publication.withdraw());
      throw cause;
    }
    await withdrawQuietly(ports, () => publication.removeOrphans());
    return end.outputs();
  } catch (cause) {
    // What was aborted from outside shows as many errors; the reason is the one that counts.
    throw await trueCause(ports, order, head, signal.aborted ? signal.reason : cause);
  } finally {
    await heartbeat.stop();
    await watch?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
};

/**
 * Does one attempt: takes it, makes and checks the outputs, publishes them behind the fence, reports, and leaves
 * nothing behind.
 *
 * @param signal aborted with a `Halt` when the attempt must be given up
 * @returns the exit code
 */
export const work = async (ports: WorkerPorts, ledger: Ledger, signal: AbortSignal): Promise<number> => {
  let parts: Parts | undefined;
  try {
    signal.throwIfAborted();
    const order = await ledger.begin(randomUUID());
    if (order === undefined) {
      ports.log.info("The attempt is another's or no longer wanted");
      return exitCodes.ok;
    }
    parts = new Parts(order.recipe);
    const objects = await ports.objectsOf(order);
    const outputs = await runOrder({ ...ports, objects }, ledger, order, parts, signal);
    ports.log.info("The attempt is done", { outputs: outputs.length });
    return exitCodes.ok;
  } catch (cause) {
    return endBadly(ports, ledger, cause, parts);
  }
};
