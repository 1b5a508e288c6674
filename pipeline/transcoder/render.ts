import type { TranscoderJob, TranscoderOutput } from "./job.ts";
import type { Preset } from "./preset.ts";

/** Region and account of the ARNs. */
export interface ArnScope {
  readonly region: string;
  readonly account: string;
}

/** `arn:aws:elastictranscoder:REGION:ACCOUNT:job/ID` */
export const transcoderArn = (scope: ArnScope, kind: "job" | "pipeline" | "preset", id: string): string =>
  `arn:aws:elastictranscoder:${scope.region}:${scope.account}:${kind}/${id}`;

const renderOutput = (output: TranscoderOutput) => ({
  Id: output.id,
  Key: output.key,
  ThumbnailPattern: "",
  Rotate: output.rotate,
  PresetId: output.preset.Id,
  Status: output.status,
  StatusDetail: output.statusDetail,
  Duration:
    output.result?.durationSeconds === undefined ? undefined : Math.round(output.result.durationSeconds),
  DurationMillis:
    output.result?.durationSeconds === undefined
      ? undefined
      : Math.round(output.result.durationSeconds * 1000),
  Width: output.result?.width,
  Height: output.result?.height,
  FileSize: output.result?.bytes,
  Watermarks: [],
});

const millis = (time: string | undefined): number | undefined =>
  time === undefined ? undefined : Date.parse(time);

/** A job as the API shows it (type Job). */
export const renderJob = (job: TranscoderJob, scope: ArnScope) => {
  const outputs = job.outputs.map(renderOutput);
  const input = {
    Key: job.inputKey,
    FrameRate: "auto",
    Resolution: "auto",
    AspectRatio: "auto",
    Interlaced: "auto",
    Container: "auto",
  };
  return {
    Id: job.id,
    Arn: transcoderArn(scope, "job", job.id),
    PipelineId: job.pipelineId,
    Input: input,
    Inputs: [input],
    Output: outputs[0],
    Outputs: outputs,
    OutputKeyPrefix: job.outputKeyPrefix,
    Playlists: [],
    Status: job.status,
    UserMetadata: job.userMetadata,
    Timing: {
      SubmitTimeMillis: millis(job.createdAt),
      StartTimeMillis: millis(job.startedAt),
      FinishTimeMillis: millis(job.finishedAt),
    },
  };
};

/** A preset as the API shows it (type Preset). */
export const renderPreset = (preset: Preset, scope: ArnScope) => ({
  ...preset,
  Type: preset.Type ?? "System",
  Arn: transcoderArn(scope, "preset", preset.Id),
});

const states = {
  Submitted: "PROGRESSING",
  Progressing: "PROGRESSING",
  Complete: "COMPLETED",
  Canceled: "ERROR",
  Error: "ERROR",
} as const;

/**
 * The body of a notification, in camelCase (developer guide, "Notifications of job status"). An output's
 * `durationMillis`, `fileSize` and codecs are additions of ours: Reelway's job record is made from them.
 */
export const renderNotification = (job: TranscoderJob) => ({
  state: states[job.status],
  errorCode: job.error?.code,
  messageDetails: job.error?.message,
  version: "2012-09-25",
  jobId: job.id,
  pipelineId: job.pipelineId,
  input: {
    key: job.inputKey,
    frameRate: "auto",
    resolution: "auto",
    aspectRatio: "auto",
    interlaced: "auto",
    container: "auto",
  },
  outputKeyPrefix: job.outputKeyPrefix,
  outputs: job.outputs.map((output) => ({
    id: output.id,
    presetId: output.preset.Id,
    key: output.key,
    thumbnailPattern: "",
    rotate: output.rotate,
    status: output.status,
    statusDetail: output.statusDetail,
    duration:
      output.result?.durationSeconds === undefined ? undefined : Math.round(output.result.durationSeconds),
    durationMillis:
      output.result?.durationSeconds === undefined
        ? undefined
        : Math.round(output.result.durationSeconds * 1000),
    width: output.result?.width,
    height: output.result?.height,
    fileSize: output.result?.bytes,
    videoCodec: output.result?.videoCodec,
    audioCodec: output.result?.audioCodec,
  })),
  userMetadata: job.userMetadata,
});
