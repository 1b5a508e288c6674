import type { Logger } from "../../ports/logger.ts";
import type { Notifier } from "../../ports/notifier.ts";
import type { Pipeline, TranscoderJob } from "./job.ts";
import { getTopic, listTerminalStates, type NotificationState, renderNotification } from "./notification.ts";
import type { TranscoderStore } from "./transcoder-store.ts";

export interface NotifyTranscoderPorts {
  readonly store: TranscoderStore;
  readonly notifier: Notifier;
  readonly log: Logger;
}
const subjects: Readonly<Record<NotificationState, string>> = {
  PROGRESSING: "is now processing",
  COMPLETED: "has finished transcoding",
  WARNING: "has a warning for",
  ERROR: "could not transcode",
};

/** The job as it was when its attempt started, so that the PROGRESSING message is the same whenever it is sent. */
const toStartedJob = (job: TranscoderJob): TranscoderJob => ({
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
  const topic = pipeline === undefined ? undefined : getTopic(pipeline, state);
  if (topic === undefined) return;
  await ports.notifier.publish(topic, {
    id: `${job.id}-${job.attempt}-${state}`,
    subject: `Elastic Transcoder ${subjects[state]} job ${job.id}.`,
    message: JSON.stringify(renderNotification(state === "PROGRESSING" ? toStartedJob(job) : job, state)),
  });
};

/**
 * Notifies the pipeline's topics about a closed job, first about its start if that is still unnotified, and marks the
 * job as notified. If this fails, the reconciler retries it.
 */
export const notifyTranscoderJob = async (
  ports: NotifyTranscoderPorts,
  job: TranscoderJob,
): Promise<void> => {
  try {
    const pipeline = await ports.store.readPipeline(job.pipelineId);
    const hasStarted = job.taskId !== undefined || job.workerId !== undefined;
    const isStartUnnotified = hasStarted && job.startNotifiedAt === undefined;
    const states = listTerminalStates(job);
    for (const state of isStartUnnotified && states.length > 0
      ? (["PROGRESSING", ...states] as const)
      : states)
      await publish(ports, pipeline, job, state);
    await ports.store.markNotified(job.id, job.attempt);
  } catch (cause) {
    ports.log.warn("Sending the notification of a transcoder job failed; the reconciler retries it", {
      transcoderJobId: job.id,
      error: cause,
    });
  }
};

/**
 * Notifies the pipeline's topic about the start of a job and marks the job. If this fails, the reconciler retries it.
 */
export const notifyTranscoderStart = async (
  ports: NotifyTranscoderPorts,
  pipeline: Pipeline,
  job: TranscoderJob,
): Promise<void> => {
  try {
    await publish(ports, pipeline, job, "PROGRESSING");
    await ports.store.markStartNotified(job.id, job.attempt);
  } catch (cause) {
    ports.log.warn("Sending the start notification of a transcoder job failed; the reconciler retries it", {
      transcoderJobId: job.id,
      error: cause,
    });
  }
};
