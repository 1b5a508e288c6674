import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { exitCodes } from "../../pipeline/attempts/exit-codes.ts";
import { publishingPhase } from "../../pipeline/attempts/leftover-outputs.ts";
import type { AttemptReport, JobOutput } from "../../pipeline/attempts/report.ts";
import type { JobError } from "../../pipeline/errors/job-error.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { AttemptSpecification, AttemptStore } from "../../pipeline/jobs/attempt.ts";
import type { ObjectHead } from "../../pipeline/ports/object-store.ts";
import { AttemptAborted } from "./attempt-aborted.ts";
import { classifyFailure } from "./classify-failure.ts";
import { toExitCode, toJobFailure } from "./failure.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { makeAttemptOutputs } from "./make-outputs.ts";
import { OutputGroups } from "./output-groups.ts";
import { computePublishingPercent, initialProgress, setPhase } from "./progress.ts";
import { reportResult } from "./report-result.ts";
import { defaultRetryPolicy, type RetryPolicy, retryTransient } from "./retry.ts";
import { createScratchFolder } from "./scratch.ts";
import { probeScratch } from "./scratch-probe.ts";
import { type ScratchWatch, startScratchWatch } from "./scratch-watch.ts";
import { headSource } from "./source-head.ts";
import { canHaveLeftovers, OutputCleanupError, removeLeftovers } from "./withdraw.ts";
import type { WorkerPorts, WorkPorts } from "./work-ports.ts";

const getRetryPolicy = ({ retryPolicy }: Pick<WorkPorts, "retryPolicy">): RetryPolicy =>
  retryPolicy ?? defaultRetryPolicy;

const toAbortExitCode = (aborted: AttemptAborted): number =>
  aborted.reason === "lost" ? exitCodes.ok : exitCodes.temporary;

/** Writes a failure into the record and returns its exit code. */
const reportFailure = async (
  ports: Pick<WorkPorts, "log" | "retryPolicy">,
  attemptStore: AttemptStore,
  failure: JobFailure,
  outputGroups: OutputGroups | undefined,
): Promise<number> => {
  const error: JobError = failure.toJobError();
  ports.log.error("Attempt failed", { error: failure });
  const groupReports = failure.retryable ? undefined : outputGroups?.report([], failure);
  const report: AttemptReport = {
    outputs: [],
    warnings: [],
    error,
    ...(groupReports === undefined ? {} : { outputGroups: groupReports }),
  };
  const outcome = await reportResult({ attemptStore, log: ports.log }, report, getRetryPolicy(ports));
  return outcome === "lost" ? exitCodes.ok : toExitCode(failure);
};

/** Handles the failure of an attempt: writes it into the record if possible, and returns the exit code. */
const handleFailure = async (
  ports: Pick<WorkPorts, "log" | "scratch" | "retryPolicy">,
  attemptStore: AttemptStore,
  cause: unknown,
  outputGroups: OutputGroups | undefined,
): Promise<number> => {
  if (cause instanceof OutputCleanupError) {
    // Without a report, the record shows that outputs may be left, so another attempt follows, even beyond the limit.
    ports.log.error("Attempt failed; its outputs could not be deleted. The next attempt deletes them", {
      error: cause,
    });
    return exitCodes.temporary;
  }
  if (cause instanceof AttemptAborted) {
    ports.log.info(cause.message);
    if (cause.reason !== "stopped") return toAbortExitCode(cause);
    return reportFailure(
      ports,
      attemptStore,
      new JobFailure(9001, "The worker was stopped before it finished.", { retryable: true }),
      outputGroups,
    );
  }
  return reportFailure(ports, attemptStore, toJobFailure(cause, ports.scratch), outputGroups);
};

/** Outcome of an attempt whose outputs are published. */
type AttemptOutcome =
  | { readonly kind: "reported"; readonly outputs: readonly JobOutput[] }
  /** The record is not reachable and may contain the report, so the outputs are kept. */
  | { readonly kind: "unknown" };

const produceAndPublish = async (
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
  const sendHeartbeat: typeof heartbeat.send = async (probe) => {
    if (await retryTransient(() => heartbeat.send(probe), { policy, signal })) return true;
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
      maxBytes: ports.scratchBytes,
      onFailure: (failure) => abortController.abort(failure),
    });
    head = await headSource(ports, specification);
    const { publication, warnings, ...attemptResult } = await makeOutputs(ports, specification, {
      folder,
      head,
      signal,
      fail: (failure) => abortController.abort(failure),
      sendHeartbeat,
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
      await sendHeartbeat();
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
    const code = await handleFailure(ports, attemptStore, cause, outputGroups);
    // If the claim failed or its result is unknown, the attempt is not complete.
    return code === exitCodes.ok &&
      outputGroups === undefined &&
      !(cause instanceof JobFailure && !cause.retryable)
      ? exitCodes.temporary
      : code;
  }
};
