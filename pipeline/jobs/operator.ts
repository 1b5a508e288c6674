import { isTerminal } from "../attempts/job-status.ts";
import { UserError } from "../errors/errors.ts";
import { notifyJobClosed, recordJobClosed } from "./close-job.ts";
import type { Job } from "./job.ts";
import type { JobPorts } from "./ports.ts";
import { type StartPorts, startJob, stopEngine } from "./start-job.ts";

/** An operator asked for what the job's state does not allow. */
export class OperationRefused extends UserError {
  constructor(message: string) {
    super(message);
    this.name = "OperationRefused";
  }
}

const readExistingJob = async (ports: Pick<JobPorts, "jobs">, id: string): Promise<Job> => {
  const job = await ports.jobs.read(id);
  if (job === undefined) throw new OperationRefused(`There is no job ${id}.`);
  return job;
};

const buildCancelRefusal = ({ id, status }: Job): OperationRefused =>
  new OperationRefused(
    isTerminal(status)
      ? `Job ${id} has ended as ${status} and cannot be cancelled.`
      : `Job ${id} has published its outputs and is about to end as Complete; it can no longer be cancelled.`,
  );

type CancelPorts = Pick<JobPorts, "jobs" | "tasks" | "transcoder" | "notifier" | "topic" | "log" | "metrics">;

/**
 * Cancels a job: writes Canceled first, then stops its engine; a late exit changes nothing.
 *
 * @throws OperationRefused where there is no such job, it has ended, or its worker has reported success
 */
export const cancelJob = async (ports: CancelPorts, id: string): Promise<Job> => {
  await readExistingJob(ports, id);
  const canceledJob = await ports.jobs.cancel(id, "cancelled by an operator");
  if (canceledJob === undefined) throw buildCancelRefusal(await readExistingJob(ports, id));
  recordJobClosed(ports, canceledJob);
  await notifyJobClosed(ports, canceledJob);
  if (canceledJob.engineJobId !== undefined)
    await stopEngine(ports, canceledJob.engine, canceledJob.engineJobId, "cancelled by an operator");
  return canceledJob;
};

/**
 * Opens a failed or cancelled job again and starts it.
 *
 * @throws OperationRefused where it has not failed, or trying again cannot help and `force` is not given
 */
export const retryJob = async (
  ports: StartPorts,
  id: string,
  { force }: { readonly force: boolean },
): Promise<Job> => {
  const job = await readExistingJob(ports, id);
  if (!isTerminal(job.status) || job.status === "Complete")
    throw new OperationRefused(`Job ${id} is ${job.status}; only an Error or Canceled job can be retried.`);
  if (job.specification === null)
    throw new OperationRefused(
      `Job ${id} was refused before it began (${job.error?.message ?? "no route"}). Mend that and upload the file again.`,
    );
  if (job.error !== null && !job.error.retryable && !force)
    throw new OperationRefused(
      `Job ${id} failed for a reason that trying again does not change: ${job.error.message} Use --force to try all the same.`,
    );
  const reopenedJob = await ports.jobs.reopen(id, job.attempt, "retried by an operator");
  if (reopenedJob === undefined)
    throw new OperationRefused(`Job ${id} was changed by somebody else just now.`);
  try {
    await startJob(ports, reopenedJob);
  } catch (cause) {
    ports.log.warn("A retried job could not be started yet; the reconciler will start it", {
      jobId: id,
      error: cause,
    });
  }
  return reopenedJob;
};
