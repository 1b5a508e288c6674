import { isTerminal } from "../attempts/job-status.ts";
import { UserError } from "../errors/errors.ts";
import { notifyJobClosed, recordJobClosed } from "./close-job.ts";
import type { Job } from "./job.ts";
import type { JobPorts } from "./ports.ts";
import { type StartPorts, type StopPorts, startInTurn, stopEngine } from "./start-job.ts";

/** An operator's request is not allowed in the job's current state. */
export class OperationRefused extends UserError {
  constructor(message: string) {
    super(message);
    this.name = "OperationRefused";
  }
}

const readExistingJob = async (ports: Pick<JobPorts, "jobs">, id: string): Promise<Job> => {
  const job = await ports.jobs.read(id);
  if (job === undefined) throw new OperationRefused(`Job ${id} does not exist.`);
  return job;
};

const buildCancelRefusal = ({ id, status }: Job): OperationRefused =>
  new OperationRefused(
    isTerminal(status)
      ? `Job ${id} is ${status} and cannot be canceled.`
      : `Job ${id} has published its outputs and can no longer be canceled. It will be Complete soon.`,
  );

/** Ports for canceling a job. */
export type CancelPorts = Pick<JobPorts, "jobs" | "notifier" | "topic" | "log" | "metrics"> & StopPorts;

const writeCanceled = async (ports: Pick<JobPorts, "jobs">, id: string): Promise<Job> => {
  await readExistingJob(ports, id);
  const canceledJob = await ports.jobs.cancel(id, "canceled by an operator");
  if (canceledJob === undefined) throw buildCancelRefusal(await readExistingJob(ports, id));
  return canceledJob;
};

const stopCanceledJob = async (ports: StopPorts, { engine, engineJobId }: Job): Promise<void> => {
  if (engineJobId !== undefined) await stopEngine(ports, engine, engineJobId, "canceled by an operator");
};

/**
 * Cancels a job: writes Canceled first, then stops its task or transcoder job, whose result is then ignored.
 *
 * @throws OperationRefused if the job does not exist, is closed, or its worker has reported success
 */
export const cancelJob = async (ports: CancelPorts, id: string): Promise<Job> => {
  const canceledJob = await writeCanceled(ports, id);
  recordJobClosed(ports, canceledJob);
  await notifyJobClosed(ports, canceledJob);
  await stopCanceledJob(ports, canceledJob);
  return canceledJob;
};

/**
 * Cancels a job as `cancelJob` does, for a caller that may not publish. The reconciler sends the notification.
 *
 * @throws OperationRefused as `cancelJob`
 */
export const cancelJobUnnotified = async (
  ports: Pick<JobPorts, "jobs"> & StopPorts,
  id: string,
): Promise<Job> => {
  const canceledJob = await writeCanceled(ports, id);
  await stopCanceledJob(ports, canceledJob);
  return canceledJob;
};

/**
 * Reopens an Error or Canceled job. The reconciler starts it.
 *
 * @throws OperationRefused if the job is in another state, or its error is permanent and `force` is false
 */
export const reopenJob = async (
  ports: Pick<JobPorts, "jobs">,
  id: string,
  { force }: { readonly force: boolean },
): Promise<Job> => {
  const job = await readExistingJob(ports, id);
  if (!isTerminal(job.status) || job.status === "Complete")
    throw new OperationRefused(`Job ${id} is ${job.status}. Only an Error or Canceled job can be retried.`);
  if (job.specification === null)
    throw new OperationRefused(
      `Job ${id} was rejected before it started (${job.error?.message ?? "no route"}). Fix the cause and upload the file again.`,
    );
  if (job.error !== null && !job.error.retryable && !force)
    throw new OperationRefused(
      `Job ${id} failed with a permanent error: ${job.error.message} Use --force to retry it anyway.`,
    );
  const reopenedJob = await ports.jobs.reopen(id, job.attempt, "retried by an operator");
  if (reopenedJob === undefined)
    throw new OperationRefused(
      `Job ${id} was changed by another operation at the same time. Check its status, then retry.`,
    );
  return reopenedJob;
};

/**
 * Reopens an Error or Canceled job and starts it.
 *
 * @throws OperationRefused as `reopenJob`
 */
export const retryJob = async (
  ports: StartPorts,
  id: string,
  options: { readonly force: boolean },
): Promise<Job> => {
  const reopenedJob = await reopenJob(ports, id, options);
  try {
    await startInTurn(ports, reopenedJob);
  } catch (cause) {
    ports.log.warn("Starting a retried job failed; the reconciler starts it", {
      jobId: id,
      error: cause,
    });
  }
  return reopenedJob;
};
