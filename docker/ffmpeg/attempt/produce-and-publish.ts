import { rm } from "node:fs/promises";
import { publishingPhase } from "../../../pipeline/attempts/leftover-outputs.ts";
import type { JobOutput } from "../../../pipeline/attempts/report.ts";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import type { AttemptSpecification, AttemptStore } from "../../../pipeline/jobs/attempt.ts";
import type { ObjectHead } from "../../../pipeline/ports/object-store.ts";
import { AttemptAborted } from "../failures/attempt-aborted.ts";
import { classifyFailure } from "../failures/classify-failure.ts";
import { getRetryPolicy, retryTransient } from "../failures/retry.ts";
import type { OutputGroups } from "../outputs/output-groups.ts";
import { canHaveLeftovers, OutputCleanupError, removeLeftovers } from "../outputs/withdraw.ts";
import { createScratchFolder } from "../scratch/scratch.ts";
import { probeScratch } from "../scratch/scratch-probe.ts";
import { type ScratchWatch, startScratchWatch } from "../scratch/scratch-watch.ts";
import { headSource } from "../source/source-head.ts";
import { startHeartbeat } from "./heartbeat.ts";
import type { makeAttemptOutputs } from "./make-outputs.ts";
import { computePublishingPercent, initialProgress, setPhase } from "./progress.ts";
import { reportResult } from "./report-result.ts";
import type { WorkPorts } from "./work-ports.ts";

/** Outcome of an attempt whose outputs are published. */
type AttemptOutcome =
  | { readonly kind: "reported"; readonly outputs: readonly JobOutput[] }
  /** The record is not reachable and may contain the report, so the outputs are kept. */
  | { readonly kind: "unknown" };

/**
 * Creates, checks and publishes the outputs of an attempt, and reports them.
 *
 * @throws JobFailure for failures of the job, `AttemptAborted` if the attempt is aborted, `OutputCleanupError` if
 *   published outputs could not be deleted
 */
export const produceAndPublish = async (
  ports: WorkPorts,
  attemptStore: AttemptStore,
  specification: AttemptSpecification,
  outputGroups: OutputGroups,
  parentSignal: AbortSignal,
  makeOutputs: typeof makeAttemptOutputs,
): Promise<AttemptOutcome> => {
  const policy = getRetryPolicy(ports);
  const abortController = new AbortController();
  const signal = AbortSignal.any([parentSignal, abortController.signal]);
  let progress = initialProgress;
  const heartbeat = startHeartbeat({
    attemptStore,
    log: ports.log,
    periodSeconds: ports.progressPeriodSeconds,
    getProgress: () => ({ percent: progress.percent, phase: progress.phase }),
    onLost: () => abortController.abort(new AttemptAborted("lost")),
    onUnreachable: (cause) =>
      abortController.abort(
        new JobFailure(1001, `The job's record could not be reached for a minute: ${String(cause)}`, {
          retryable: true,
          cause,
        }),
      ),
  });
  const recordPhase: typeof heartbeat.recordPhase = async (probe) => {
    if (await retryTransient(() => heartbeat.recordPhase(probe), { policy, signal })) return true;
    throw new AttemptAborted("lost");
  };
  let head: ObjectHead | undefined;
  let folder: string | undefined;
  let scratchWatch: ScratchWatch | undefined;
  try {
    folder = await createScratchFolder(ports.scratch, specification.id, specification.attempt);
    scratchWatch = startScratchWatch({
      scratch: ports.scratch,
      folder,
      maxBytes: ports.maxScratchBytes,
      onFailure: (failure) => abortController.abort(failure),
    });
    head = await headSource(ports, specification);
    const { publication, warnings, ...attemptResult } = await makeOutputs(ports, specification, {
      folder,
      head,
      signal,
      fail: (failure) => abortController.abort(failure),
      recordPhase,
      updateProgress: (change) => {
        progress = change(progress);
      },
      outputGroups,
    });
    // On a full volume, some muxers exit with 0, and a truncated image still passes the checks.
    await scratchWatch.check();
    const scratchFailure = await probeScratch(ports.scratch, folder);
    if (scratchFailure !== undefined) throw scratchFailure;
    signal.throwIfAborted();
    try {
      // From here on, the record shows that objects may be left if the worker stops without a report.
      progress = setPhase(progress, publishingPhase, computePublishingPercent(0, 1));
      await recordPhase();
      await publication.publish((percent) => {
        progress = setPhase(progress, publishingPhase, percent);
      });
      signal.throwIfAborted();
      outputGroups.throwIfAllFailed();
      await heartbeat.stop();
    } catch (cause) {
      await publication.withdraw();
      throw cause;
    }
    const outputs = attemptResult.outputs();
    const groupReports = outputGroups.report(outputs);
    const report = {
      outputs,
      warnings,
      ...(groupReports === undefined ? {} : { outputGroups: groupReports }),
    };
    const outcome = await reportResult({ attemptStore, log: ports.log }, report, policy);
    if (outcome === "unknown") return { kind: "unknown" };
    if (outcome === "lost") {
      await publication.withdraw();
      throw new AttemptAborted("lost");
    }
    await publication.removeOrphans().catch((cause: unknown) => {
      ports.log.error("Deleting outputs of an older version failed", {
        error: cause,
      });
    });
    return { kind: "reported", outputs };
  } catch (cause) {
    if (cause instanceof OutputCleanupError) throw cause;
    // An abort causes various errors. The signal's reason is the real cause.
    const failure = await classifyFailure(
      ports,
      specification,
      head,
      signal.aborted ? signal.reason : cause,
      folder,
    );
    if (canHaveLeftovers(specification))
      await removeLeftovers({ ...ports, retry: { policy } }, specification);
    throw failure;
  } finally {
    await heartbeat.stop();
    await scratchWatch?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
};
