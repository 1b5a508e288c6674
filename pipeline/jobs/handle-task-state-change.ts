import type { TaskState } from "../ports/task-state.ts";
import { type CloseAttemptPorts, createJobAttemptCloser } from "./close-job-attempt.ts";
import { computeJobId, isJobId } from "./job-id.ts";

/**
 * The attempt of a task, from its environment variables. For a task that EventBridge started directly, it is the first
 * attempt of the object version's job. Undefined for other tasks.
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

/** Closes the attempt of a stopped task, if it is a task of a Reelway job. */
export const handleTaskStateChange = async (ports: CloseAttemptPorts, state: TaskState): Promise<void> => {
  if (state.status !== "Stopped") return;
  const taskAttempt = parseTaskAttempt(state.environment);
  if (taskAttempt === undefined) return;
  const job = await ports.jobs.read(taskAttempt.id);
  if (job === undefined) {
    const details = { jobId: taskAttempt.id, task: state.taskId };
    // Only tasks that EventBridge starts run before their job exists.
    if (state.environment.JOB_ID === undefined)
      ports.log.warn("The job of a stopped task does not exist; the sweep claims its upload", details);
    else ports.log.info("A task stopped whose video has been deleted", details);
    return;
  }
  if (job.attempt === taskAttempt.attempt)
    await createJobAttemptCloser(ports).closeByTask(job, state, job.engineJobId);
};
