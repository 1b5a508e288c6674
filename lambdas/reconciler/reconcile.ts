import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import { buildWorkerLostError } from "../../pipeline/attempts/task-outcome.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import {
  applyTranscoderState,
  type TranscoderStatePorts,
} from "../../pipeline/jobs/apply-transcoder-state.ts";
import { createJobAttemptCloser } from "../../pipeline/jobs/close-attempt.ts";
import { closeJob, notifyJobClosed } from "../../pipeline/jobs/close-job.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import { isReadyToStart, type StartPorts, startJob } from "../../pipeline/jobs/start-job.ts";
import type { TaskState } from "../../pipeline/ports/task-state.ts";

/** Ports of the reconciler. */
export type ReconcilerPorts = StartPorts & TranscoderStatePorts;

/** What one run of the reconciler did, in jobs. */
export interface ReconcileReport {
  readonly started: number;
  /** Whose engine was asked and had an answer that moved the job. */
  readonly reconciled: number;
  /** Whose message was sent again. */
  readonly resent: number;
  /** That could not be handled in this run; the next one tries again. */
  readonly failed: number;
}

/** Seconds a job may stand still before the reconciler looks after it. */
export const graceSeconds = {
  /** A claim without a start: its router may still be at work. */
  start: 60,
  /** An engine that has not been heard of: its event may still be on the way. */
  engine: 60,
  /** A task the runner does not know: RunTask's answer may be ahead of DescribeTasks. */
  missingTask: 300,
  /** A worker writes progress every 2 s; one that is silent so long hangs. */
  progressTimeout: 900,
  /** A job that nothing could start for so long ends: after 24 h `clientToken` no longer protects it. */
  startTimeout: 23 * 3600,
  /** A closed job's message: the winner may still be sending it. */
  notification: 60,
} as const;

/** Tasks in one DescribeTasks. */
const maxTasksPerDescribe = 100;

const buildNeverStartedFailure = (job: Job): JobFailure =>
  new JobFailure(
    1001,
    `${job.source.key} could not be started for ${graceSeconds.startTimeout / 3600} hours; the router's log says why. Retry the job once that is mended.`,
    { retryable: true },
  );

/**
 * The reconciler: starts what was claimed and not started, ends what lost its last event, and sends messages that
 * were not marked. Every step is the same conditional write that the events make, so it may run beside them.
 */
export const createReconciler = (ports: ReconcilerPorts): (() => Promise<ReconcileReport>) => {
  const hasElapsed = (since: string | undefined, seconds: number): boolean =>
    since !== undefined && ports.clock.now().getTime() - Date.parse(since) >= seconds * 1000;

  const closer = createJobAttemptCloser(ports);

  /** A job as it is now, if it is still in the attempt that a list has shown: lists lag behind the records. */
  const readCurrentJob = async (listedJob: Job): Promise<Job | undefined> => {
    const job = await ports.jobs.read(listedJob.id);
    return job === undefined || job.attempt !== listedJob.attempt || isTerminal(job.status) ? undefined : job;
  };

  const isStartOverdue = (job: Job): boolean =>
    isReadyToStart(job, ports.clock.now()) &&
    (job.notBefore !== undefined || hasElapsed(job.updatedAt, graceSeconds.start));

  const startOverdueJob = async (listedJob: Job): Promise<boolean> => {
    if (!isStartOverdue(listedJob)) return false;
    const job = await readCurrentJob(listedJob);
    if (job === undefined || !isStartOverdue(job)) return false;
    if (hasElapsed(job.updatedAt, graceSeconds.startTimeout)) {
      const error = buildNeverStartedFailure(job).toJobError();
      const outcome = { status: "Error", error, detail: error.message, unlessReported: true } as const;
      await closeJob(ports, job.id, job.attempt, outcome);
    } else await startJob(ports, job);
    return true;
  };

  const reconcileTask = async (listedJob: Job, state: TaskState | undefined): Promise<boolean> => {
    if (state?.status === "Pending") return false;
    const job = await readCurrentJob(listedJob);
    if (job === undefined) return false;
    if (state === undefined) {
      if (!hasElapsed(job.updatedAt, graceSeconds.missingTask)) return false;
      if (job.report !== undefined) await closer.closeByReport(job, job.report);
      else await closer.fail(job, buildWorkerLostError("The job's task is gone and left no report."));
      return true;
    }
    if (state.status === "Stopped") {
      await closer.closeByTask(job, state, job.engineJobId);
      return true;
    }
    if (state.status !== "Running" || !hasElapsed(job.updatedAt, graceSeconds.progressTimeout)) return false;
    await ports.tasks.stop(state.taskId, `no progress for ${graceSeconds.progressTimeout / 60} minutes`);
    return true;
  };

  const reconcileTranscoderJob = async (job: Job, engineJobId: string): Promise<boolean> => {
    const state = await ports.transcoder.readJob(engineJobId);
    if (state === undefined)
      await closer.fail(job, buildWorkerLostError(`The transcoder no longer knows its job ${engineJobId}.`));
    else await applyTranscoderState(ports, job, state);
    return state?.status !== "Submitted";
  };

  /** A worker that EventBridge started, or whose start was never recorded: only its silence tells. */
  const reconcileSilentJob = async (listedJob: Job): Promise<boolean> => {
    if (listedJob.status !== "Progressing" || !hasElapsed(listedJob.updatedAt, graceSeconds.progressTimeout))
      return false;
    const job = await readCurrentJob(listedJob);
    if (
      job === undefined ||
      job.engineJobId !== undefined ||
      !hasElapsed(job.updatedAt, graceSeconds.progressTimeout)
    )
      return false;
    if (job.report !== undefined) await closer.closeByReport(job, job.report);
    else await closer.fail(job, buildWorkerLostError("The worker has been silent for too long."));
    return true;
  };

  return async () => {
    const count = { started: 0, reconciled: 0, resent: 0, failed: 0 };
    const countIfChanged = async (
      kind: "started" | "reconciled" | "resent",
      job: Job,
      operation: () => Promise<boolean>,
    ): Promise<void> => {
      try {
        if (await operation()) count[kind] += 1;
      } catch (cause) {
        count.failed += 1;
        ports.log.warn("A job could not be reconciled; the next run tries again", {
          jobId: job.id,
          error: cause,
        });
      }
    };

    const jobsWithTask: (Job & { readonly engineJobId: string })[] = [];
    const reconcileTasks = async (): Promise<void> => {
      const jobs = jobsWithTask.splice(0, maxTasksPerDescribe);
      if (jobs.length === 0) return;
      const states = await ports.tasks.describe(jobs.map((job) => job.engineJobId));
      const stateByTask = new Map(states.map((state) => [state.taskId, state]));
      for (const job of jobs)
        await countIfChanged("reconciled", job, () => reconcileTask(job, stateByTask.get(job.engineJobId)));
    };

    for (const status of ["Submitted", "Progressing"] as const)
      for await (const job of ports.jobs.listAll(status)) {
        const { engineJobId } = job;
        if (engineJobId === undefined) {
          if (status === "Submitted") await countIfChanged("started", job, () => startOverdueJob(job));
          else await countIfChanged("reconciled", job, () => reconcileSilentJob(job));
        } else if (!hasElapsed(job.updatedAt, graceSeconds.engine)) continue;
        else if (job.engine === "elastic-transcoder")
          await countIfChanged("reconciled", job, () => reconcileTranscoderJob(job, engineJobId));
        else if (jobsWithTask.push({ ...job, engineJobId }) >= maxTasksPerDescribe) await reconcileTasks();
      }
    await reconcileTasks();

    for await (const job of ports.jobs.listUnnotified())
      if (hasElapsed(job.finishedAt, graceSeconds.notification))
        await countIfChanged("resent", job, () => notifyJobClosed(ports, job));
    return count;
  };
};
