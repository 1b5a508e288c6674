import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import { endByReport, failAttempt } from "../../pipeline/jobs/end-attempt.ts";
import { finishJob, notifyFinished } from "../../pipeline/jobs/finish-job.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import { settleJob, workerLost } from "../../pipeline/jobs/settle-task.ts";
import { settleTranscoderJob, type TranscoderEndPorts } from "../../pipeline/jobs/settle-transcoder-job.ts";
import { awaitsStart, type StartPorts, startJob } from "../../pipeline/jobs/start-job.ts";
import type { TaskState } from "../../pipeline/ports/task-state.ts";

/** Ports of the reconciler. */
export type ReconcilerPorts = StartPorts & TranscoderEndPorts;

/** What one run of the reconciler did, in jobs. */
export interface ReconcileReport {
  readonly started: number;
  /** Whose engine was asked and had an answer that moved the job. */
  readonly settled: number;
  /** Whose message was sent again. */
  readonly resent: number;
  /** That could not be handled in this run; the next one tries again. */
  readonly failed: number;
}

/** Seconds a job may stand still before the reconciler looks after it. */
export const grace = {
  /** A claim without a start: its router may still be at work. */
  start: 60,
  /** An engine that has not been heard of: its event may still be on the way. */
  engine: 60,
  /** A task the runner does not know: RunTask's answer may be ahead of DescribeTasks. */
  vanished: 300,
  /** A worker writes progress every 2 s; one that is silent so long hangs. */
  silent: 900,
  /** A job that nothing could start for so long ends: after 24 h `clientToken` no longer protects it. */
  unstarted: 23 * 3600,
  /** A closed job's message: the winner may still be sending it. */
  notification: 60,
} as const;

/** Tasks in one DescribeTasks. */
const describeLimit = 100;

const neverStarted = (job: Job): JobFailure =>
  new JobFailure(
    1001,
    `${job.source.key} could not be started for ${grace.unstarted / 3600} hours; the router's log says why. Retry the job once that is mended.`,
    { retryable: true },
  );

/**
 * The reconciler: starts what was claimed and not started, ends what lost its last event, and sends messages that
 * were not marked. Every step is the same conditional write that the events make, so it may run beside them.
 */
export const createReconciler = (ports: ReconcilerPorts): (() => Promise<ReconcileReport>) => {
  const still = (since: string | undefined, seconds: number): boolean =>
    since !== undefined && ports.clock.now().getTime() - Date.parse(since) >= seconds * 1000;

  /** A job as it is now, if it is still in the attempt that a list has shown: lists lag behind the records. */
  const current = async (listed: Job): Promise<Job | undefined> => {
    const job = await ports.jobs.read(listed.id);
    return job === undefined || job.attempt !== listed.attempt || isTerminal(job.status) ? undefined : job;
  };

  const isLate = (job: Job): boolean =>
    awaitsStart(job, ports.clock.now()) && (job.notBefore !== undefined || still(job.updatedAt, grace.start));

  const startLate = async (listed: Job): Promise<boolean> => {
    if (!isLate(listed)) return false;
    const job = await current(listed);
    if (job === undefined || !isLate(job)) return false;
    if (still(job.updatedAt, grace.unstarted)) {
      const error = neverStarted(job).toJSON();
      const end = { status: "Error", error, detail: error.message, unlessReported: true } as const;
      await finishJob(ports, job.id, job.attempt, end);
    } else await startJob(ports, job);
    return true;
  };

  const settleTaskOf = async (listed: Job, state: TaskState | undefined): Promise<boolean> => {
    if (state?.status === "Pending") return false;
    const job = await current(listed);
    if (job === undefined) return false;
    if (state === undefined) {
      if (!still(job.updatedAt, grace.vanished)) return false;
      if (job.report !== undefined) await endByReport(ports, job, job.report);
      else await failAttempt(ports, job, workerLost("The job's task is gone and left no report."));
      return true;
    }
    if (state.status === "Stopped") {
      await settleJob(ports, job, state);
      return true;
    }
    if (state.status !== "Running" || !still(job.updatedAt, grace.silent)) return false;
    await ports.tasks.stop(state.task, `no progress for ${grace.silent / 60} minutes`);
    return true;
  };

  const settleTranscoderOf = async (job: Job, engineJob: string): Promise<boolean> => {
    const state = await ports.transcoder.readJob(engineJob);
    if (state === undefined)
      await failAttempt(ports, job, workerLost(`The transcoder no longer knows its job ${engineJob}.`));
    else await settleTranscoderJob(ports, job, state);
    return state?.status !== "Submitted";
  };

  /** A worker that EventBridge started, or whose start was never recorded: only its silence tells. */
  const settleSilent = async (listed: Job): Promise<boolean> => {
    if (listed.status !== "Progressing" || !still(listed.updatedAt, grace.silent)) return false;
    const job = await current(listed);
    if (job === undefined || job.engineJob !== undefined || !still(job.updatedAt, grace.silent)) return false;
    if (job.report !== undefined) await endByReport(ports, job, job.report);
    else await failAttempt(ports, job, workerLost("The worker has been silent for too long."));
    return true;
  };

  return async () => {
    const count = { started: 0, settled: 0, resent: 0, failed: 0 };
    const attend = async (
      kind: "started" | "settled" | "resent",
      job: Job,
      act: () => Promise<boolean>,
    ): Promise<void> => {
      try {
        if (await act()) count[kind] += 1;
      } catch (cause) {
        count.failed += 1;
        ports.log.warn("A job could not be reconciled; the next run tries again", {
          job: job.id,
          cause: String(cause),
        });
      }
    };

    const onTasks: (Job & { readonly engineJob: string })[] = [];
    const settleTasks = async (): Promise<void> => {
      const jobs = onTasks.splice(0, describeLimit);
      if (jobs.length === 0) return;
      const states = await ports.tasks.describe(jobs.map((job) => job.engineJob));
      const byTask = new Map(states.map((state) => [state.task, state]));
      for (const job of jobs)
        await attend("settled", job, () => settleTaskOf(job, byTask.get(job.engineJob)));
    };

    for (const status of ["Submitted", "Progressing"] as const)
      for await (const job of ports.jobs.all(status)) {
        const { engineJob } = job;
        if (engineJob === undefined) {
          if (status === "Submitted") await attend("started", job, () => startLate(job));
          else await attend("settled", job, () => settleSilent(job));
        } else if (!still(job.updatedAt, grace.engine)) continue;
        else if (job.engine === "elastic-transcoder")
          await attend("settled", job, () => settleTranscoderOf(job, engineJob));
        else if (onTasks.push({ ...job, engineJob }) >= describeLimit) await settleTasks();
      }
    await settleTasks();

    for await (const job of ports.jobs.unnotified())
      if (still(job.finishedAt, grace.notification))
        await attend("resent", job, () => notifyFinished(ports, job));
    return count;
  };
};
