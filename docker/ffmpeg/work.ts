import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { exitCodes } from "../../pipeline/attempts/exit-codes.ts";
import { publishingStage } from "../../pipeline/attempts/left-outputs.ts";
import type { JobOutput, WorkReport } from "../../pipeline/attempts/report.ts";
import type { JobError } from "../../pipeline/errors/job-error.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { Ledger, WorkOrder } from "../../pipeline/jobs/work-order.ts";
import type { ObjectHead } from "../../pipeline/ports/object-store.ts";
import { attemptWork } from "./attempt.ts";
import { asJobFailure, exitCodeOf } from "./failure.ts";
import { Halt } from "./halt.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { Parts } from "./parts.ts";
import { atStage, initialProgress, publishingPercent } from "./progress.ts";
import { reportResult } from "./report-result.ts";
import { defaultRetryDelaysMs, retryTransient } from "./retry.ts";
import { makeScratch } from "./scratch.ts";
import { probeScratch } from "./scratch-probe.ts";
import { type ScratchWatch, startScratchWatch } from "./scratch-watch.ts";
import { headSource } from "./source-head.ts";
import { trueCause } from "./true-cause.ts";
import { mayHaveLeftovers, OutputsLeft, removeLeftovers } from "./withdraw.ts";
import type { WorkerPorts, WorkPorts } from "./work-ports.ts";

const delaysOf = ({ retryDelaysMs }: Pick<WorkPorts, "retryDelaysMs">): readonly number[] =>
  retryDelaysMs ?? defaultRetryDelaysMs;

const codeOfHalt = (halt: Halt): number => (halt.reason === "lost" ? exitCodes.ok : exitCodes.temporary);

/** Writes a failure into the record, and answers the exit code that says the same. */
const tell = async (
  ports: Pick<WorkPorts, "log" | "retryDelaysMs">,
  ledger: Ledger,
  failure: JobFailure,
  parts: Parts | undefined,
): Promise<number> => {
  const error: JobError = failure.toJSON();
  ports.log.error("The attempt failed", { ...error });
  const partReports = failure.retryable ? undefined : parts?.report([], failure);
  const report: WorkReport = {
    outputs: [],
    warnings: [],
    error,
    ...(partReports === undefined ? {} : { parts: partReports }),
  };
  const outcome = await reportResult({ ledger, log: ports.log }, report, delaysOf(ports));
  return outcome === "lost" ? exitCodes.ok : exitCodeOf(failure);
};

/** Ends an attempt that did not succeed: by the record where there is one, and by the exit code. */
const endBadly = async (
  ports: Pick<WorkPorts, "log" | "scratch" | "retryDelaysMs">,
  ledger: Ledger,
  cause: unknown,
  parts: Parts | undefined,
): Promise<number> => {
  if (cause instanceof OutputsLeft) {
    // Without a report the record says that outputs may be left, so another attempt follows, even beyond the limit.
    ports.log.error("The attempt failed, and the next one must remove its outputs", { cause: cause.message });
    return exitCodes.temporary;
  }
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

/** How an attempt ended that made and published its outputs. */
type OrderEnd =
  | { readonly kind: "reported"; readonly outputs: readonly JobOutput[] }
  /** The record could not be reached, and may hold the report: the outputs stay. */
  | { readonly kind: "unknown" };

const runOrder = async (
  ports: WorkPorts,
  ledger: Ledger,
  order: WorkOrder,
  parts: Parts,
  outer: AbortSignal,
  makeOutputs: typeof attemptWork,
): Promise<OrderEnd> => {
  const delaysMs = delaysOf(ports);
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
    if (await retryTransient(() => heartbeat.beat(probe), { delaysMs, signal })) return true;
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
    const { publication, warnings, ...end } = await makeOutputs(ports, order, {
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
    const closed = await probeScratch(ports.scratch, folder);
    if (closed !== undefined) throw closed;
    signal.throwIfAborted();
    try {
      // From here on the record says that objects may be left, should this be the attempt's last word.
      progress = atStage(progress, publishingStage, publishingPercent(0, 1));
      await beat();
      await publication.publish((percent) => {
        progress = atStage(progress, publishingStage, percent);
      });
      signal.throwIfAborted();
      parts.throwIfAllFailed();
      await heartbeat.stop();
    } catch (cause) {
      await publication.withdraw();
      throw cause;
    }
    const outputs = end.outputs();
    const partReports = parts.report(outputs);
    const report = { outputs, warnings, ...(partReports === undefined ? {} : { parts: partReports }) };
    const outcome = await reportResult({ ledger, log: ports.log }, report, delaysMs);
    if (outcome === "unknown") return { kind: "unknown" };
    if (outcome === "lost") {
      await publication.withdraw();
      throw new Halt("lost");
    }
    await publication.removeOrphans().catch((cause: unknown) => {
      ports.log.error("What an older version left in the output folder could not be removed", {
        cause: String(cause),
      });
    });
    return { kind: "reported", outputs };
  } catch (cause) {
    if (cause instanceof OutputsLeft) throw cause;
    // What was aborted from outside shows as many errors; the reason is the one that counts.
    const found = await trueCause(ports, order, head, signal.aborted ? signal.reason : cause, folder);
    if (mayHaveLeftovers(order)) await removeLeftovers({ ...ports, retry: { delaysMs } }, order);
    throw found;
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
 * @param makeOutputs the attempt's work between its begin and its publication
 * @returns the exit code
 */
export const work = async (
  ports: WorkerPorts,
  ledger: Ledger,
  signal: AbortSignal,
  makeOutputs = attemptWork,
): Promise<number> => {
  let parts: Parts | undefined;
  try {
    signal.throwIfAborted();
    const worker = randomUUID();
    const order = await retryTransient(() => ledger.begin(worker), { delaysMs: delaysOf(ports), signal });
    if (order === undefined) {
      ports.log.info("The attempt is another's or no longer wanted");
      return exitCodes.ok;
    }
    parts = new Parts(order.recipe);
    const objects = await ports.objectsOf(order);
    const end = await runOrder({ ...ports, objects }, ledger, order, parts, signal, makeOutputs);
    if (end.kind === "unknown") {
      ports.log.error("The outputs stay: the record could not be reached, and may hold the attempt's report");
      return exitCodes.temporary;
    }
    ports.log.info("The attempt is done", { outputs: end.outputs.length });
    return exitCodes.ok;
  } catch (cause) {
    const code = await endBadly(ports, ledger, cause, parts);
    // An attempt that this worker could not take, or does not know that it has, is not done.
    return code === exitCodes.ok && parts === undefined && !(cause instanceof JobFailure && !cause.retryable)
      ? exitCodes.temporary
      : code;
  }
};
