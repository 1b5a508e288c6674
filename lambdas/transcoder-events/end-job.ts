import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import { hasAttemptLeft } from "../../pipeline/attempts/left-outputs.ts";
import type { WorkReport } from "../../pipeline/attempts/report.ts";
import { failedEnd, reportedEnd } from "../../pipeline/elastic-transcoder/jobs/ends.ts";
import type { Pipeline, TranscoderJob } from "../../pipeline/elastic-transcoder/jobs/job.ts";
import {
  endStates,
  type NotificationState,
  renderNotification,
  topicOf,
} from "../../pipeline/elastic-transcoder/jobs/notification.ts";
import type {
  TranscoderEnd,
  TranscoderStore,
} from "../../pipeline/elastic-transcoder/jobs/transcoder-store.ts";
import type { JobError } from "../../pipeline/errors/job-error.ts";
import { mostAttempts } from "../../pipeline/jobs/end-attempt.ts";
import { automaticAttempts } from "../../pipeline/jobs/new-job.ts";
import type { Clock, Log, Notifier } from "../../pipeline/ports/services.ts";

export interface NotifyTranscoderPorts {
  readonly store: TranscoderStore;
  readonly notifier: Notifier;
  readonly log: Log;
}
export interface EndTranscoderPorts extends NotifyTranscoderPorts {
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
const asBegun = (job: TranscoderJob): TranscoderJob => ({
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
  const topic = pipeline === undefined ? undefined : topicOf(pipeline, state);
  if (topic === undefined) return;
  await ports.notifier.publish(topic, {
    id: `${job.id}-${job.attempt}-${state}`,
    subject: `Elastic Transcoder ${subjects[state]} job ${job.id}.`,
    message: JSON.stringify(renderNotification(state === "PROGRESSING" ? asBegun(job) : job, state)),
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
    const begun = job.task !== undefined || job.worker !== undefined;
    const startUntold = begun && job.startNotifiedAt === undefined;
    const states = endStates(job);
    for (const state of startUntold && states.length > 0 ? (["PROGRESSING", ...states] as const) : states)
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

const close = async (
  ports: EndTranscoderPorts,
  job: TranscoderJob,
  end: TranscoderEnd,
): Promise<TranscoderJob | undefined> => {
  const closed = await ports.store.close(job.id, job.attempt, end);
  if (closed !== undefined) await notifyTranscoderJob(ports, closed);
  return closed;
};

/** As with Reelway's own jobs (`failAttempt`): a report that came meanwhile decides, whatever the task's end says. */
const endUnlessReported = async (
  ports: EndTranscoderPorts,
  job: TranscoderJob,
  end: (options: { readonly unlessReported: boolean }) => Promise<TranscoderJob | undefined>,
): Promise<void> => {
  const unlessReported = job.report === undefined;
  if ((await end({ unlessReported })) !== undefined || !unlessReported) return;
  const now = await ports.store.read(job.id);
  if (now?.report === undefined || now.attempt !== job.attempt || isTerminal(now.status)) return;
  await endByWorkReport(ports, now, now.report);
};

/** Ends an attempt in failure: the next after a pause, or an Error where none is left or none can help. */
export const endTranscoderJob = async (
  ports: EndTranscoderPorts,
  job: TranscoderJob,
  error: JobError,
): Promise<void> => {
  if (error.retryable && hasAttemptLeft(job)) {
    const done = job.attempt - (job.attemptLimit - automaticAttempts);
    const pause = ports.retryBackoffSeconds * 4 ** Math.max(0, done - 1);
    const notBefore = new Date(ports.clock.now().getTime() + pause * 1000).toISOString();
    await endUnlessReported(ports, job, (options) =>
      ports.store.nextAttempt(job.id, job.attempt, notBefore, error.message, options),
    );
    return;
  }
  await endUnlessReported(ports, job, (options) =>
    close(ports, job, { ...failedEnd(job, error), ...options }),
  );
};

/** Ends an attempt that was cut off by no fault of its own: the next follows at once, and the limit moves on. */
export const interruptTranscoderJob = async (
  ports: EndTranscoderPorts,
  job: TranscoderJob,
  error: JobError,
): Promise<void> => {
  if (job.attempt >= mostAttempts) return endTranscoderJob(ports, job, error);
  const now = ports.clock.now().toISOString();
  await endUnlessReported(ports, job, (options) =>
    ports.store.nextAttempt(job.id, job.attempt, now, error.message, {
      attemptLimit: job.attemptLimit + 1,
      ...options,
    }),
  );
};

/** Ends an attempt by what its worker reported. */
export const endByWorkReport = async (
  ports: EndTranscoderPorts,
  job: TranscoderJob,
  report: WorkReport,
): Promise<void> => {
  if (report.error !== undefined) return endTranscoderJob(ports, job, report.error);
  await close(ports, job, reportedEnd(job, report));
};
