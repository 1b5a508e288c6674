import { isTerminal } from "../attempts/job-status.ts";
import type { JobOutput } from "../attempts/report.ts";
import type { TranscoderJobState } from "../elastic-transcoder/transcoder-client.ts";
import { type ErrorCode, errorNames, type JobError } from "../errors/job-error.ts";
import type { TranscoderNotification } from "../events/transcoder-notification.ts";
import type { EndPorts } from "./end-attempt.ts";
import { finishJob } from "./finish-job.ts";
import type { Job } from "./job.ts";
import { isJobId } from "./job-id.ts";
import type { JobPorts } from "./ports.ts";

/** What settling a transcoder job takes. */
export type TranscoderEndPorts = EndPorts & Pick<JobPorts, "transcoder">;

const isErrorCode = (code: number): code is ErrorCode => Object.hasOwn(errorNames, code);

/** Storage, dependencies and our own faults may pass; what is wrong with media or request does not. */
const mayPass = (code: number): boolean => code === 1001 || code === 3000 || code >= 9000;

/** `StatusDetail` begins with the numeric code, e.g. `4000 1e23…: The file could not be read.` */
const transcoderError = (code: number | undefined, detail: string | undefined): JobError => {
  const [, digits, rest] = /^(\d{4})\b[\s:]*(.*)$/s.exec(detail ?? "") ?? [];
  const number = code ?? (digits === undefined ? 9999 : Number(digits));
  const message = rest === undefined || rest === "" ? detail : rest;
  return {
    code: number,
    name: isErrorCode(number) ? errorNames[number] : "TranscoderError",
    message: message ?? "The transcoder failed the job and did not say why. Read its job there.",
    retryable: mayPass(number),
  };
};

/** An output of a complete job: what the service says of it. */
const finishedOutput = (output: TranscoderJobState["outputs"][number]): JobOutput => {
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

/** Milliseconds where our own service gives them: the documented duration is in whole seconds. */
const secondsOf = (output: TranscoderNotification["outputs"][number]): number | undefined =>
  output.durationMillis === undefined ? output.duration : output.durationMillis / 1000;

/**
 * Brings a job to where its transcoder job is. The service has made its own attempts: its Error is final here.
 *
 * @param errorCode the notification's own, where there is one
 */
export const settleTranscoderJob = async (
  ports: TranscoderEndPorts,
  job: Job,
  state: TranscoderJobState,
  errorCode?: number,
): Promise<void> => {
  if (isTerminal(job.status)) return;
  switch (state.status) {
    case "Submitted":
      return;
    case "Progressing":
      await ports.jobs.engineProgress(job.id, job.attempt, { percent: 0, stage: "transcoding" });
      return;
    case "Complete":
      await finishJob(ports, job.id, job.attempt, {
        status: "Complete",
        outputs: state.outputs.map(finishedOutput),
        detail: "complete",
      });
      return;
    case "Canceled":
      await finishJob(ports, job.id, job.attempt, {
        status: "Canceled",
        detail: "cancelled in the transcoder",
      });
      return;
    case "Error": {
      const broken = state.outputs.find(({ status }) => status === "Error");
      const error = transcoderError(errorCode, broken?.statusDetail ?? state.statusDetail);
      await finishJob(ports, job.id, job.attempt, { status: "Error", error, detail: error.message });
    }
  }
};

const statuses = { PROGRESSING: "Progressing", COMPLETED: "Complete", ERROR: "Error" } as const;

/** A notification as the state that ReadJob would have told. */
const toldState = (
  told: TranscoderNotification,
  status: TranscoderJobState["status"],
): TranscoderJobState => ({
  id: told.jobId,
  status,
  ...(told.messageDetails === undefined ? {} : { statusDetail: told.messageDetails }),
  outputs: told.outputs.map((output) => ({
    key: `${told.outputKeyPrefix ?? ""}${output.key}`,
    status: output.status === "Error" ? "Error" : status,
    ...(output.statusDetail === undefined ? {} : { statusDetail: output.statusDetail }),
    ...(secondsOf(output) === undefined ? {} : { durationSeconds: secondsOf(output) }),
    ...(output.fileSize === undefined ? {} : { bytes: output.fileSize }),
    ...(output.width === undefined ? {} : { width: output.width }),
    ...(output.height === undefined ? {} : { height: output.height }),
    ...(output.videoCodec === undefined ? {} : { videoCodec: output.videoCodec }),
    ...(output.audioCodec === undefined ? {} : { audioCodec: output.audioCodec }),
  })),
  userMetadata: told.userMetadata,
});

const jobOf = async (ports: TranscoderEndPorts, told: TranscoderNotification): Promise<Job | undefined> => {
  const id = told.userMetadata["reelway-job"];
  if (id === undefined) return ports.jobs.byEngineJob(told.jobId);
  if (!isJobId(id)) return undefined;
  const job = await ports.jobs.read(id);
  return job?.attempt === Number(told.userMetadata["reelway-attempt"] ?? "1") ? job : undefined;
};

/** Settles the job of a notification; other callers' jobs, late attempts and warnings change nothing. */
export const settleNotification = async (
  ports: TranscoderEndPorts,
  told: TranscoderNotification,
): Promise<void> => {
  const job = await jobOf(ports, told);
  if (job === undefined || told.state === "WARNING") return;
  await settleTranscoderJob(ports, job, toldState(told, statuses[told.state]), told.errorCode);
};
