import type { TaskState } from "../ports/task-state.ts";
import { type CloseAttemptPorts, createJobAttemptCloser } from "./close-attempt.ts";
import { computeJobId, isJobId } from "./job-id.ts";

/**
 * The attempt that a task worked on: named by its variables, or (started by EventBridge alone) the first of the
 * job of the object version they name. Undefined for other people's tasks.
 */
export const parseTaskAttempt = (
  environment: Readonly<Record<string, string | undefined>>,
): { readonly id: string; readonly attempt: number } | undefined => {
  const { JOB_ID, JOB_ATTEMPT, ROUTE, SOURCE_BUCKET, SOURCE_KEY, SOURCE_VERSION } = environment;
  if (JOB_ID !== undefined) {
    const attempt = Number(JOB_ATTEMPT);
    return isJobId(JOB_ID) && Number.isInteger(attempt) ? { id: JOB_ID, attempt } : undefined;
  }
  if (ROUTE === undefined || SOURCE_BUCKET === undefined || SOURCE_KEY === undefined || !SOURCE_VERSION)
    return undefined;
  const source = { bucket: SOURCE_BUCKET, key: SOURCE_KEY, versionId: SOURCE_VERSION };
  return { id: computeJobId(source, ROUTE), attempt: 1 };
};

/** Closes the attempt of a task state change, if the task is one of Reelway's jobs. */
export const handleTaskStateChange = async (ports: CloseAttemptPorts, state: TaskState): Promise<void> => {
  if (state.status !== "Stopped") return;
  const taskAttempt = parseTaskAttempt(state.environment);
  if (taskAttempt === undefined) return;
  const job = await ports.jobs.read(taskAttempt.id);
  if (job === undefined) {
    ports.log.warn("A task stopped whose job is not known; the sweep will claim its upload", {
      jobId: taskAttempt.id,
      task: state.taskId,
    });
    return;
  }
  if (job.attempt === taskAttempt.attempt)
    await createJobAttemptCloser(ports).closeByTask(job, state, job.engineJobId);
};
