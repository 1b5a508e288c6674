import type { Pipeline, TranscoderJob } from "./job.ts";
import { measureOutput } from "./output-measurements.ts";

/** States of a notification. A pipeline has one topic for each. */
export type NotificationState = "PROGRESSING" | "COMPLETED" | "WARNING" | "ERROR";
const topicNames = {
  PROGRESSING: "Progressing",
  COMPLETED: "Completed",
  WARNING: "Warning",
  ERROR: "Error",
} as const;

/** ARN of the pipeline's topic for a state; undefined if it has none. */
export const getTopic = ({ Notifications }: Pipeline, state: NotificationState): string | undefined => {
  const topic = Notifications[topicNames[state]];
  return topic === "" ? undefined : topic;
};

/** Notifications of a closed job, in order. A canceled job has none. */
export const listTerminalStates = (job: TranscoderJob): readonly NotificationState[] => {
  const hasWarnings = (job.report?.warnings.length ?? 0) > 0;
  if (job.status === "Complete") return hasWarnings ? ["WARNING", "COMPLETED"] : ["COMPLETED"];
  return job.status === "Error" ? ["ERROR"] : [];
};

const getMessage = (job: TranscoderJob, state: NotificationState): string | undefined => {
  if (state === "WARNING") return job.report?.warnings.join("; ");
  return state === "ERROR" ? job.error?.message : undefined;
};

const renderInput = ({ inputKey, inputSettings, timeSpan }: TranscoderJob) => ({
  key: inputKey,
  frameRate: inputSettings.FrameRate ?? "auto",
  resolution: inputSettings.Resolution ?? "auto",
  aspectRatio: inputSettings.AspectRatio ?? "auto",
  interlaced: inputSettings.Interlaced ?? "auto",
  container: inputSettings.Container ?? "auto",
  ...(timeSpan === undefined
    ? {}
    : { timeSpan: { startTime: timeSpan.StartTime, duration: timeSpan.Duration } }),
});

/**
 * Builds the body of a notification, in camelCase (developer guide, "Notifications of job status"). Reelway adds an
 * output's `durationMillis`, `fileSize` and codecs, from which it completes its own job record.
 */
export const renderNotification = (job: TranscoderJob, state: NotificationState) => {
  const input = renderInput(job);
  return {
    state,
    errorCode: state === "ERROR" ? job.error?.code : undefined,
    messageDetails: getMessage(job, state),
    version: "2012-09-25",
    jobId: job.id,
    pipelineId: job.pipelineId,
    input,
    inputCount: 1,
    outputKeyPrefix: job.outputKeyPrefix,
    outputs: job.outputs.map((output) => {
      const measurements = measureOutput(output);
      return {
        id: output.id,
        presetId: output.preset.Id,
        key: output.key,
        thumbnailPattern: output.thumbnailPattern,
        rotate: output.rotate,
        segmentDuration: output.segmentDuration === undefined ? undefined : Number(output.segmentDuration),
        watermarks:
          output.watermarks.length === 0
            ? undefined
            : output.watermarks.map(({ slot, key }) => ({ presetWatermarkId: slot, inputKey: key })),
        status: output.status,
        statusDetail: output.statusDetail,
        duration: measurements.duration,
        durationMillis: measurements.durationMillis,
        width: measurements.width,
        height: measurements.height,
        frameRate: measurements.frameRate,
        fileSize: measurements.fileSize,
        videoCodec: output.result?.videoCodec,
        audioCodec: output.result?.audioCodec,
      };
    }),
    playlists: job.playlists.map(({ name, format, outputKeys, status, statusDetail }) => ({
      name,
      format,
      outputKeys,
      status,
      statusDetail,
    })),
    userMetadata: job.userMetadata,
  };
};
