import type { Job } from "./job.ts";
import type { JobOutcome } from "./job-store.ts";
import type { JobPorts } from "./ports.ts";

/** What finishing a job takes. */
export type CloseJobPorts = Pick<JobPorts, "jobs" | "notifier" | "topic" | "log" | "metrics">;

/** The message of a finished job, as JSON. */
export const buildJobMessage = (job: Job) => ({
  id: job.id,
  attempt: job.attempt,
  status: job.status,
  route: job.route,
  engine: job.engine,
  recipe: job.recipe,
  source: { bucket: job.source.bucket, key: job.source.key, versionId: job.source.versionId },
  outputBucket: job.specification?.outputBucket,
  outputs: job.outputs,
  error: job.error,
  createdAt: job.createdAt,
  finishedAt: job.finishedAt,
});

/**
 * Sends a terminal job's one message and marks it. Its id is the same however often it is sent.
 * A failure to send is logged and left to the reconciler, which resends what is unmarked.
 *
 * @returns whether it was sent and marked
 */
export const notifyJobClosed = async (ports: CloseJobPorts, job: Job): Promise<boolean> => {
  try {
    await ports.notifier.publish(ports.topic, {
      id: `${job.id}-${job.attempt}`,
      subject: `Reelway: ${job.status}`,
      message: JSON.stringify(buildJobMessage(job)),
    });
    return await ports.jobs.markNotified(job.id, job.attempt);
  } catch (cause) {
    ports.log.warn("The message of a finished job was not sent; the reconciler will send it", {
      jobId: job.id,
      error: cause,
    });
    return false;
  }
};

/** Logs and counts a job that has become terminal. Only the caller whose write made it so does this. */
export const recordJobClosed = (
  { log, metrics }: Pick<JobPorts, "log" | "metrics">,
  { id, route, status, error }: Job,
): void => {
  log.info("Job closed", {
    jobId: id,
    route,
    status,
    ...(error === null ? {} : { errorCode: error.code }),
  });
  metrics.count("JobsClosed");
  if (status === "Error") metrics.count("JobsFailed");
};

/** Closes an attempt's job; the one caller whose write wins sends the message. Undefined for the others. */
export const closeJob = async (
  ports: CloseJobPorts,
  id: string,
  attempt: number,
  outcome: JobOutcome,
): Promise<Job | undefined> => {
  const closedJob = await ports.jobs.closeJob(id, attempt, outcome);
  if (closedJob === undefined) return undefined;
  recordJobClosed(ports, closedJob);
  await notifyJobClosed(ports, closedJob);
  return closedJob;
};
