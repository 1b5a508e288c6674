import { type AttemptCloser, createAttemptCloser } from "../../attempts/close-attempt.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Metrics } from "../../ports/metrics.ts";
import type { TranscoderJob } from "./job.ts";
import { buildFailedOutcome, buildReportedOutcome } from "./job-outcome.ts";
import { type NotifyTranscoderPorts, notifyTranscoderJob } from "./notify-job.ts";
import type { TranscoderJobOutcome } from "./transcoder-store.ts";

export interface CloseTranscoderJobPorts extends NotifyTranscoderPorts {
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Seconds before the second attempt. The delay before the third is four times as long. */
  readonly retryBackoffSeconds: number;
}

/** The transitions at the end of an attempt of a transcoder job. */
export const createTranscoderAttemptCloser = (
  ports: CloseTranscoderJobPorts,
): AttemptCloser<TranscoderJob> => {
  const close = async (
    { id, attempt }: TranscoderJob,
    outcome: TranscoderJobOutcome,
  ): Promise<TranscoderJob | undefined> => {
    const closed = await ports.store.closeJob(id, attempt, outcome);
    if (closed === undefined) return undefined;
    ports.metrics.count("TranscoderJobsClosed");
    if (closed.status === "Error") ports.metrics.count("TranscoderJobsFailed");
    await notifyTranscoderJob(ports, closed);
    return closed;
  };
  return createAttemptCloser<TranscoderJob>({
    clock: ports.clock,
    metrics: ports.metrics,
    retryBackoffSeconds: ports.retryBackoffSeconds,
    read: (id) => ports.store.read(id),
    scheduleNextAttempt: ({ id, attempt }, notBefore, reason, options) =>
      ports.store.scheduleNextAttempt(id, attempt, notBefore, reason, options),
    closeFailed: (job, error, options) => close(job, { ...buildFailedOutcome(job, error), ...options }),
    closeReported: (job, report) => close(job, buildReportedOutcome(job, report)),
    getTaskSizeName: () => "transcode",
  });
};
