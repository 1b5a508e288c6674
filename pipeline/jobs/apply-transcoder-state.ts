import { isTerminal } from "../attempts/job-status.ts";
import type { JobOutput } from "../attempts/report.ts";
import type { TranscoderJobState } from "../elastic-transcoder/transcoder-client.ts";
import { type ErrorCode, errorNames, type JobError } from "../errors/job-error.ts";
import type { TranscoderNotification } from "../events/transcoder-notification.ts";
import { closeJob } from "./close-job.ts";
import type { CloseAttemptPorts } from "./close-job-attempt.ts";
import type { Job } from "./job.ts";
import { isJobId } from "./job-id.ts";
import type { JobPorts } from "./ports.ts";

/** Ports for applying the state of a transcoder job. */
export type TranscoderStatePorts = CloseAttemptPorts & Pick<JobPorts, "transcoder">;

const isErrorCode = (code: number): code is ErrorCode => Object.hasOwn(errorNames, code);

/**
 * An operator can retry errors of storage, of the permission to read, of dependencies and of the service. Errors of the
 * media or the request are permanent.
 */
const isRetryable = (code: number): boolean =>
  code === 1001 || code === 3000 || code === 3003 || code >= 9000;

/**
 * `StatusDetail` begins with the numeric code and the id of the transcoder job, e.g. `4000 1416573018213-6g5ofk: The file
 * could not be read.`
 */
const parseTranscoderError = (code: number | undefined, detail: string | undefined): JobError => {
  const [, digits, rest] = /^(\d{4})\b[\s:]*(?:\d{13}-\w{6}: )?(.*)$/s.exec(detail ?? "") ?? [];
  const number = code ?? (digits === undefined ? 9999 : Number(digits));
  const message = rest === undefined || rest === "" ? detail : rest;
  return {
    code: number,
    name: isErrorCode(number) ? errorNames[number] : "TranscoderError",
    message:
      message ?? "The transcoder returned no reason for the failure. See the transcoder job with ReadJob.",
    retryable: isRetryable(number),
  };
};

/** Converts an output of a complete transcoder job. */
const buildJobOutput = (output: TranscoderJobState["outputs"][number]): JobOutput => {
  const { key, bytes = 0, durationSeconds, width, height, videoCodec, audioCodec } = output;
  return {
    key,
    bytes,
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
    ...(videoCodec === undefined ? {} : { videoCodec }),
    ...(audioCodec === undefined ? {} : { audioCodec }),
  };
};

/** Prefers the milliseconds that only Reelway's service sends. The documented duration is in whole seconds. */
const getDurationSeconds = (output: TranscoderNotification["outputs"][number]): number | undefined =>
  output.durationMillis === undefined ? output.duration : output.durationMillis / 1000;

/**
 * Applies the state of a transcoder job to its Reelway job. An Error is final, because the service retries by itself.
 *
 * @param errorCode code of the notification, if it has one
 */
export const applyTranscoderState = async (
  ports: TranscoderStatePorts,
  job: Job,
  state: TranscoderJobState,
  errorCode?: number,
): Promise<void> => {
  if (isTerminal(job.status)) return;
  switch (state.status) {
    case "Submitted":
      return;
    case "Progressing":
      if (job.status === "Submitted") await ports.jobs.markProgressing(job.id, job.attempt);
      return;
    case "Complete":
      await closeJob(ports, job.id, job.attempt, {
        status: "Complete",
        outputs: state.outputs.map(buildJobOutput),
        detail: "complete",
      });
      return;
    case "Canceled":
      await closeJob(ports, job.id, job.attempt, {
        status: "Canceled",
        detail: "canceled in the transcoder",
      });
      return;
    case "Error": {
      const failedOutput = state.outputs.find(({ status }) => status === "Error");
      const error = parseTranscoderError(errorCode, failedOutput?.statusDetail ?? state.statusDetail);
      await closeJob(ports, job.id, job.attempt, { status: "Error", error, detail: error.message });
    }
  }
};

const jobStatusByState = { PROGRESSING: "Progressing", COMPLETED: "Complete", ERROR: "Error" } as const;

/** Converts a notification to the state that ReadJob would return. */
const buildTranscoderJobState = (
  notification: TranscoderNotification,
  status: TranscoderJobState["status"],
): TranscoderJobState => ({
  id: notification.jobId,
  status,
  ...(notification.messageDetails === undefined ? {} : { statusDetail: notification.messageDetails }),
  outputs: notification.outputs.map((output) => ({
    key: `${notification.outputKeyPrefix ?? ""}${output.key}`,
    status: output.status === "Error" ? "Error" : status,
    ...(output.statusDetail === undefined ? {} : { statusDetail: output.statusDetail }),
    ...(getDurationSeconds(output) === undefined ? {} : { durationSeconds: getDurationSeconds(output) }),
    ...(output.fileSize === undefined ? {} : { bytes: output.fileSize }),
    ...(output.width === undefined ? {} : { width: output.width }),
    ...(output.height === undefined ? {} : { height: output.height }),
    ...(output.videoCodec === undefined ? {} : { videoCodec: output.videoCodec }),
    ...(output.audioCodec === undefined ? {} : { audioCodec: output.audioCodec }),
  })),
  userMetadata: notification.userMetadata,
});

const findJob = async (
  ports: TranscoderStatePorts,
  notification: TranscoderNotification,
): Promise<Job | undefined> => {
  const id = notification.userMetadata["reelway-job"];
  if (id === undefined) return ports.jobs.findByEngineJobId(notification.jobId);
  if (!isJobId(id)) return undefined;
  const job = await ports.jobs.read(id);
  return job?.attempt === Number(notification.userMetadata["reelway-attempt"] ?? "1") ? job : undefined;
};

/** Applies a notification to its job. Jobs of other callers, earlier attempts and warnings are ignored. */
export const applyTranscoderNotification = async (
  ports: TranscoderStatePorts,
  notification: TranscoderNotification,
): Promise<void> => {
  const job = await findJob(ports, notification);
  if (job === undefined || notification.state === "WARNING") return;
  await applyTranscoderState(
    ports,
    job,
    buildTranscoderJobState(notification, jobStatusByState[notification.state]),
    notification.errorCode,
  );
};
