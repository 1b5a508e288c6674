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

/** The job as it was when work on it began: its first message is the same whenever it is sent. */
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
 * Publishes the end of a job to the pipeline's topics, its start first if that was not published, and marks the job. The
 * reconciler sends again what fails.
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
    ports.log.warn("The notification of a transcoder job was not sent; it will be sent again", {
      transcoderJobId: job.id,
      error: cause,
    });
  }
};

/** Publishes the start of a job, and marks the job. The reconciler sends again what fails. */
export const notifyTranscoderStart = async (
  ports: NotifyTranscoderPorts,
  pipeline: Pipeline,
  job: TranscoderJob,
): Promise<void> => {
  try {
    await publish(ports, pipeline, job, "PROGRESSING");
    await ports.store.markStartNotified(job.id, job.attempt);
  } catch (cause) {
    ports.log.warn("The notification of the start of a transcoder job was not sent; it will be sent again", {
      transcoderJobId: job.id,
      error: cause,
    });
  }
};
