import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import { hasAttemptLeft } from "../../pipeline/attempts/leftover-outputs.ts";
import type { AttemptReport } from "../../pipeline/attempts/report.ts";
import type { Pipeline, TranscoderJob } from "../../pipeline/elastic-transcoder/jobs/job.ts";
import {
  buildFailedOutcome,
  buildReportedOutcome,
} from "../../pipeline/elastic-transcoder/jobs/job-outcome.ts";
import {
  getTopic,
  listTerminalStates,
  type NotificationState,
  renderNotification,
} from "../../pipeline/elastic-transcoder/jobs/notification.ts";
import type {
  TranscoderJobOutcome,
  TranscoderStore,
} from "../../pipeline/elastic-transcoder/jobs/transcoder-store.ts";
import type { JobError } from "../../pipeline/errors/job-error.ts";
import { defaultMaxAttempts } from "../../pipeline/jobs/build-job.ts";
import { maxTotalAttempts } from "../../pipeline/jobs/close-attempt.ts";
import type { Clock, Logger, Notifier } from "../../pipeline/ports/services.ts";

export interface NotifyTranscoderPorts {
  readonly store: TranscoderStore;
  readonly notifier: Notifier;
  readonly log: Logger;
}
export interface CloseTranscoderJobPorts extends NotifyTranscoderPorts {
  readonly clock: Clock;
  /** Seconds before the second attempt; the third waits four times as long. */
  readonly retryBackoffSeconds: number;
}

const subjects: Readonly<Record<NotificationState, string>> = {
  PROGRESSING: "is now processing",
  COMPLETED: "has finished transcoding",
  WARNING: "has a warning for",
  ERROR: "could not transcode",
};

/** The job as it was when work on it began: its first message is the same whenever it is sent. */
const toStartedJob = (job: TranscoderJob): TranscoderJob => ({
  ...job,
  outputs: job.outputs.map(({ statusDetail, result, ...output }) => ({ ...output, status: "Progressing" })),
  playlists: job.playlists.map(({ statusDetail, ...playlist }) => ({ ...playlist, status: "Progressing" })),
});

const publish = async (
  ports: NotifyTranscoderPorts,
  pipeline: Pipeline | undefined,
  job: TranscoderJob,
  state: NotificationState,
): Promise<void> => {
  const topic = pipeline === undefined ? undefined : getTopic(pipeline, state);
  if (topic === undefined) return;
  await ports.notifier.publish(topic, {
    id: `${job.id}-${job.attempt}-${state}`,
    subject: `Elastic Transcoder ${subjects[state]} job ${job.id}.`,
    message: JSON.stringify(renderNotification(state === "PROGRESSING" ? toStartedJob(job) : job, state)),
  });
};

/**
 * Tells the pipeline's topics of an ended job, of its start before where that was not told, and marks it; a failure
 * is left to the reconciler.
 */
export const notifyTranscoderJob = async (
  ports: NotifyTranscoderPorts,
  job: TranscoderJob,
): Promise<void> => {
  try {
    const pipeline = await ports.store.readPipeline(job.pipelineId);
    const hasStarted = job.task !== undefined || job.worker !== undefined;
    const isStartUnnotified = hasStarted && job.startNotifiedAt === undefined;
    const states = listTerminalStates(job);
    for (const state of isStartUnnotified && states.length > 0
      ? (["PROGRESSING", ...states] as const)
      : states)
      await publish(ports, pipeline, job, state);
    await ports.store.markNotified(job.id, job.attempt);
  } catch (cause) {
    ports.log.warn("The notification of a transcoder job was not sent; it will be sent again", {
      job: job.id,
      cause: String(cause),
    });
  }
};

/** Tells the pipeline's topic that work on a job has begun, and marks it; a failure is left to the reconciler. */
export const notifyTranscoderStart = async (
  ports: NotifyTranscoderPorts,
  pipeline: Pipeline,
  job: TranscoderJob,
): Promise<void> => {
  try {
    await publish(ports, pipeline, job, "PROGRESSING");
    await ports.store.markStartNotified(job.id, job.attempt);
  } catch (cause) {
    ports.log.warn("The start of a transcoder job was not told; it will be told again", {
      job: job.id,
      cause: String(cause),
    });
  }
};

const closeTranscoderJob = async (
  ports: CloseTranscoderJobPorts,
  job: TranscoderJob,
  outcome: TranscoderJobOutcome,
): Promise<TranscoderJob | undefined> => {
  const closed = await ports.store.closeJob(job.id, job.attempt, outcome);
  if (closed !== undefined) await notifyTranscoderJob(ports, closed);
  return closed;
};

/** As with Reelway's own jobs (`failAttempt`): a report that came meanwhile decides, whatever the task's end says. */
const closeUnlessReported = async (
  ports: CloseTranscoderJobPorts,
  job: TranscoderJob,
  close: (options: { readonly unlessReported: boolean }) => Promise<TranscoderJob | undefined>,
): Promise<void> => {
  const unlessReported = job.report === undefined;
  if ((await close({ unlessReported })) !== undefined || !unlessReported) return;
  const current = await ports.store.read(job.id);
  if (current?.report === undefined || current.attempt !== job.attempt || isTerminal(current.status)) return;
  await closeTranscoderAttemptByReport(ports, current, current.report);
};

/** Ends an attempt in failure: the next after a pause, or an Error where none is left or none can help. */
export const failTranscoderAttempt = async (
  ports: CloseTranscoderJobPorts,
  job: TranscoderJob,
  error: JobError,
): Promise<void> => {
  if (error.retryable && hasAttemptLeft(job)) {
    const attemptsMade = job.attempt - (job.maxAttempts - defaultMaxAttempts);
    const backoffSeconds = ports.retryBackoffSeconds * 4 ** Math.max(0, attemptsMade - 1);
    const notBefore = new Date(ports.clock.now().getTime() + backoffSeconds * 1000).toISOString();
    await closeUnlessReported(ports, job, (options) =>
      ports.store.scheduleNextAttempt(job.id, job.attempt, notBefore, error.message, options),
    );
    return;
  }
  await closeUnlessReported(ports, job, (options) =>
    closeTranscoderJob(ports, job, { ...buildFailedOutcome(job, error), ...options }),
  );
};

/** Ends an attempt that was cut off by no fault of its own: the next follows at once, and the limit moves on. */
export const retryInterruptedTranscoderJob = async (
  ports: CloseTranscoderJobPorts,
  job: TranscoderJob,
  error: JobError,
): Promise<void> => {
  if (job.attempt >= maxTotalAttempts) return failTranscoderAttempt(ports, job, error);
  const now = ports.clock.now().toISOString();
  await closeUnlessReported(ports, job, (options) =>
    ports.store.scheduleNextAttempt(job.id, job.attempt, now, error.message, {
      maxAttempts: job.maxAttempts + 1,
      ...options,
    }),
  );
};

/** Ends an attempt by what its worker reported. */
export const closeTranscoderAttemptByReport = async (
  ports: CloseTranscoderJobPorts,
  job: TranscoderJob,
  report: AttemptReport,
): Promise<void> => {
  if (report.error !== undefined) return failTranscoderAttempt(ports, job, report.error);
  await closeTranscoderJob(ports, job, buildReportedOutcome(job, report));
};
