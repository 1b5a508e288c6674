import type { FinishedJob } from "./finished-job.ts";
import type { Job } from "./job.ts";
import type { JobOutcome } from "./job-store.ts";
import type { JobPorts } from "./ports.ts";

/** Ports for closing a job. */
export type CloseJobPorts = Pick<JobPorts, "jobs" | "notifier" | "topic" | "log" | "metrics">;

/** Content of the notification of a closed job. */
export const buildJobMessage = (job: Job): Omit<FinishedJob, "status"> & Pick<Job, "status"> => ({
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
 * Sends the notification of a closed job and marks the job. The notification's id is the same each time it is sent.
 * A failure is logged; the reconciler retries jobs that are not marked.
 *
 * @returns true if it was sent and marked
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
    ports.log.warn("Sending the notification of a closed job failed; the reconciler retries it", {
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

/** Closes a job and sends its notification. Returns undefined if another caller has closed it. */
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
