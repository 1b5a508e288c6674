import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import { buildWorkerLostError } from "../../pipeline/attempts/task-outcome.ts";
import {
  applyTranscoderState,
  type TranscoderStatePorts,
} from "../../pipeline/jobs/apply-transcoder-state.ts";
import { notifyJobClosed } from "../../pipeline/jobs/close-job.ts";
import { createJobAttemptCloser } from "../../pipeline/jobs/close-job-attempt.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import type { StartPorts } from "../../pipeline/jobs/start-job.ts";
import { startWaitingJobs, toWaitingJob, type WaitingJob } from "../../pipeline/jobs/start-waiting-jobs.ts";
import type { TaskState } from "../../pipeline/ports/task-state.ts";

/** Ports of the reconciler. */
export type ReconcilerPorts = StartPorts &
  TranscoderStatePorts & { readonly wait: (milliseconds: number) => Promise<unknown> };

/** Result of one run of the reconciler, in jobs. */
export interface ReconcileReport {
  readonly started: number;
  /** Jobs that were changed from the state of their engine. */
  readonly reconciled: number;
  /** Jobs whose notification was sent. */
  readonly resent: number;
  /** Jobs that failed in this run. The next run retries them. */
  readonly failed: number;
}

/** Seconds without a change before the reconciler handles a job. */
export const graceSeconds = {
  /** A job without a recent event: the event may still arrive. */
  engine: 60,
  /** A task that DescribeTasks does not return: it is eventually consistent after RunTask. */
  missingTask: 300,
  /** A worker writes progress every 10 s. Without progress for this long, it hangs. */
  progressTimeout: 900,
  /** The notification of a closed job: it may still be in progress. */
  notification: 60,
} as const;

/**
 * When each part of a run ends, seconds since the beginning of the run. The next run begins after a minute and does the
 * rest. Each part has its own time, so that none waits for a large other one. They begin with the oldest jobs.
 */
const endsAfterSeconds = {
  submitted: 20,
  progressing: 30,
  remainingTasks: 35,
  starts: 45,
  notifications: 52,
} as const;

/** Limit of tasks per DescribeTasks. */
const maxTasksPerDescribe = 100;

/**
 * Creates the reconciler. It starts jobs that were claimed but not started, closes jobs whose last event was lost, and
 * sends missing notifications. It uses the same conditional writes as the event handlers, so it can run concurrently.
 */
export const createReconciler = (ports: ReconcilerPorts): (() => Promise<ReconcileReport>) => {
  const hasElapsed = (since: string | undefined, seconds: number): boolean =>
    since !== undefined && ports.clock.now().getTime() - Date.parse(since) >= seconds * 1000;

  const closer = createJobAttemptCloser(ports);

  /** Reads the current state of a listed job, if its attempt is unchanged: indexes are eventually consistent. */
  const readCurrentJob = async (listedJob: Job): Promise<Job | undefined> => {
    const job = await ports.jobs.read(listedJob.id);
    return job === undefined || job.attempt !== listedJob.attempt || isTerminal(job.status) ? undefined : job;
  };

  const reconcileTask = async (listedJob: Job, state: TaskState | undefined): Promise<boolean> => {
    if (state?.status === "Pending") return false;
    const job = await readCurrentJob(listedJob);
    if (job === undefined) return false;
    if (state === undefined) {
      if (!hasElapsed(job.updatedAt, graceSeconds.missingTask)) return false;
      if (job.report !== undefined) await closer.closeByReport(job, job.report);
      else if (job.workerId === undefined)
        await closer.defer(job, {
          cause: "unknown",
          reason: "The task no longer exists, and no worker began.",
        });
      else await closer.fail(job, buildWorkerLostError("The task no longer exists and wrote no report."));
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
      await closer.fail(job, buildWorkerLostError(`Transcoder job ${engineJobId} does not exist.`));
    else await applyTranscoderState(ports, job, state);
    return state?.status !== job.status;
  };

  /**
   * Handles a job without a recorded task, e.g. one that EventBridge started directly: only missing progress shows a
   * failure.
   */
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
    else await closer.fail(job, buildWorkerLostError("The worker sent no progress for 15 minutes."));
    return true;
  };

  return async () => {
    const count = { started: 0, reconciled: 0, resent: 0, failed: 0 };
    const countIfChanged = async (
      kind: "reconciled" | "resent",
      job: Job,
      operation: () => Promise<boolean>,
    ): Promise<void> => {
      try {
        if (await operation()) count[kind] += 1;
      } catch (cause) {
        count.failed += 1;
        ports.log.warn("Reconciling a job failed; the next run retries it", {
          jobId: job.id,
          error: cause,
        });
      }
    };

    const startedAt = ports.clock.now();
    const isOver = (part: keyof typeof endsAfterSeconds): boolean =>
      ports.clock.now().getTime() >= startedAt.getTime() + endsAfterSeconds[part] * 1000;

    const jobsWithTask: (Job & { readonly engineJobId: string })[] = [];
    const reconcileTasks = async (part: keyof typeof endsAfterSeconds): Promise<void> => {
      const jobs = jobsWithTask.splice(0, maxTasksPerDescribe);
      if (jobs.length === 0) return;
      const states = await ports.tasks.describe(jobs.map((job) => job.engineJobId));
      const stateByTask = new Map(states.map((state) => [state.taskId, state]));
      for (const job of jobs) {
        if (isOver(part)) return;
        await countIfChanged("reconciled", job, () => reconcileTask(job, stateByTask.get(job.engineJobId)));
      }
    };

    let isListComplete = true;
    const waiting: WaitingJob[] = [];
    for (const [status, part] of [
      ["Submitted", "submitted"],
      ["Progressing", "progressing"],
    ] as const) {
      for await (const job of ports.jobs.listAll(status)) {
        if (isOver(part)) {
          if (status === "Submitted") isListComplete = false;
          break;
        }
        const { engineJobId } = job;
        if (engineJobId === undefined) {
          if (status === "Submitted") waiting.push(toWaitingJob(job, startedAt));
          else await countIfChanged("reconciled", job, () => reconcileSilentJob(job));
        } else if (!hasElapsed(job.updatedAt, graceSeconds.engine)) continue;
        else if (job.engine === "elastic-transcoder")
          await countIfChanged("reconciled", job, () => reconcileTranscoderJob(job, engineJobId));
        else if (jobsWithTask.push({ ...job, engineJobId }) >= maxTasksPerDescribe)
          await reconcileTasks(part);
      }
    }
    // At most 100, which are handled even if both lists were too long.
    await reconcileTasks("remainingTasks");
    const { started, failed } = await startWaitingJobs(ports, waiting, startedAt, {
      isListComplete,
      isOver: () => isOver("starts"),
      async wait(milliseconds) {
        const deadline = startedAt.getTime() + endsAfterSeconds.starts * 1000;
        if (ports.clock.now().getTime() + milliseconds >= deadline) return false;
        await ports.wait(milliseconds);
        return true;
      },
    });
    count.started += started;
    count.failed += failed;

    for await (const job of ports.jobs.listUnnotified()) {
      if (isOver("notifications")) break;
      if (hasElapsed(job.finishedAt, graceSeconds.notification))
        await countIfChanged("resent", job, () => notifyJobClosed(ports, job));
    }
    return count;
  };
};
