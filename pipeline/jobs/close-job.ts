import type { Job } from "./job.ts";
import type { JobOutcome } from "./job-store.ts";
import type { JobPorts } from "./ports.ts";

/** Ports for closing a job. */
export type CloseJobPorts = Pick<JobPorts, "jobs" | "notifier" | "topic" | "log">;

/** What the log says of every job once; alarms count it by its `status`. */
export const jobClosedMessage = "A job has ended";

/** Content of the notification of a closed job. */
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
      job: job.id,
      cause: String(cause),
    });
    return false;
  }
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
  const { status, route, error } = closedJob;
  ports.log.info(jobClosedMessage, {
    job: id,
    route,
    status,
    ...(error === null ? {} : { code: error.code }),
  });
  await notifyJobClosed(ports, closedJob);
  return closedJob;
};
