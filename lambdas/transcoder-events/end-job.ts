import type { JobError } from "../../pipeline/job/error.ts";
import type { JobOutput, WorkReport } from "../../pipeline/job/job.ts";
import { mostAttempts } from "../../pipeline/jobs/end-attempt.ts";
import { automaticAttempts } from "../../pipeline/jobs/new-job.ts";
import type { Clock, Log, Notifier } from "../../pipeline/ports/services.ts";
import type { TranscoderEnd, TranscoderStore } from "../../pipeline/ports/transcoder-store.ts";
import type { Pipeline, TranscoderJob, TranscoderOutput } from "../../pipeline/transcoder/job.ts";
import { renderNotification } from "../../pipeline/transcoder/render.ts";

export interface EndTranscoderPorts {
  readonly store: TranscoderStore;
  readonly notifier: Notifier;
  readonly clock: Clock;
  readonly log: Log;
  /** Seconds before the second attempt; the third waits four times as long. */
  readonly retryBackoffSeconds: number;
}

const topicOf = (pipeline: Pipeline | undefined, job: TranscoderJob): string | undefined => {
  const { Notifications: topics } = pipeline ?? {};
  const topic = job.status === "Complete" ? topics?.Completed : topics?.Error;
  return topic === undefined || topic === "" ? undefined : topic;
};

/** Tells the pipeline's topic of an ended job, and marks it; a failure is left to the reconciler. */
export const notifyTranscoderJob = async (ports: EndTranscoderPorts, job: TranscoderJob): Promise<void> => {
  try {
    const topic = topicOf(await ports.store.readPipeline(job.pipelineId), job);
    if (topic !== undefined)
      await ports.notifier.publish(topic, {
        id: `${job.id}-${job.attempt}-${job.status}`,
        subject: `Amazon Elastic Transcoder has finished transcoding job ${job.id}.`,
        message: JSON.stringify(renderNotification(job)),
      });
    await ports.store.markNotified(job.id, job.attempt);
  } catch (cause) {
    ports.log.warn("The notification of a transcoder job was not sent; it will be sent again", {
      job: job.id,
      cause: String(cause),
    });
  }
};

const close = async (ports: EndTranscoderPorts, job: TranscoderJob, end: TranscoderEnd): Promise<void> => {
  const closed = await ports.store.close(job.id, job.attempt, end);
  if (closed !== undefined) await notifyTranscoderJob(ports, closed);
};

/** Ends an attempt in failure: the next after a pause, or an Error where none is left or none can help. */
export const endTranscoderJob = async (
  ports: EndTranscoderPorts,
  job: TranscoderJob,
  error: JobError,
): Promise<void> => {
  if (error.retryable && job.attempt < job.attemptLimit) {
    const done = job.attempt - (job.attemptLimit - automaticAttempts);
    const pause = ports.retryBackoffSeconds * 4 ** Math.max(0, done - 1);
    const notBefore = new Date(ports.clock.now().getTime() + pause * 1000).toISOString();
    await ports.store.nextAttempt(job.id, job.attempt, notBefore, error.message);
    return;
  }
  const statusDetail = `${error.code} ${job.id}: ${error.message}`;
  await close(ports, job, {
    status: "Error",
    error,
    statusDetail,
    outputs: job.outputs.map((output) => ({ ...output, status: "Error", statusDetail })),
  });
};

/** Ends an attempt that was cut off by no fault of its own: the next follows at once, and the limit moves on. */
export const interruptTranscoderJob = async (
  ports: EndTranscoderPorts,
  job: TranscoderJob,
  error: JobError,
): Promise<void> => {
  if (job.attempt >= mostAttempts) return endTranscoderJob(ports, job, error);
  const now = ports.clock.now().toISOString();
  await ports.store.nextAttempt(job.id, job.attempt, now, error.message, job.attemptLimit + 1);
};

const withResult = (job: TranscoderJob, made: readonly JobOutput[]): readonly TranscoderOutput[] =>
  job.outputs.map((output) => ({
    ...output,
    status: "Complete",
    result: made.find(({ key }) => key === `${job.outputKeyPrefix ?? ""}${output.key}`),
  }));

/** Ends an attempt by what its worker reported. */
export const endByWorkReport = async (
  ports: EndTranscoderPorts,
  job: TranscoderJob,
  report: WorkReport,
): Promise<void> => {
  if (report.error !== undefined) return endTranscoderJob(ports, job, report.error);
  await close(ports, job, { status: "Complete", outputs: withResult(job, report.outputs) });
};
