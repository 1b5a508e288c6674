import type { TranscoderJob, TranscoderOutput, TranscoderPlaylist } from "../jobs/job.ts";
import { measureOutput } from "../jobs/output-measurements.ts";
import type { Preset } from "../presets/preset.ts";
import { type ArnScope, buildTranscoderArn } from "./arn.ts";

const renderOutput = (output: TranscoderOutput) => {
  const measurements = measureOutput(output);
  return {
    Id: output.id,
    Key: output.key,
    ThumbnailPattern: output.thumbnailPattern,
    Rotate: output.rotate,
    PresetId: output.preset.Id,
    SegmentDuration: output.segmentDuration,
    Status: output.status,
    StatusDetail: output.statusDetail,
    Duration: measurements.duration,
    Width: measurements.width,
    Height: measurements.height,
    FrameRate: measurements.frameRate,
    FileSize: measurements.fileSize,
    DurationMillis: measurements.durationMillis,
    Watermarks: output.watermarks.map(({ slot, key }) => ({ PresetWatermarkId: slot, InputKey: key })),
    Composition: output.timeSpan === undefined ? undefined : [{ TimeSpan: output.timeSpan }],
  };
};

const renderInput = ({ inputKey, inputSettings, timeSpan, probe }: TranscoderJob) => ({
  Key: inputKey,
  FrameRate: inputSettings.FrameRate ?? "auto",
  Resolution: inputSettings.Resolution ?? "auto",
  AspectRatio: inputSettings.AspectRatio ?? "auto",
  Interlaced: inputSettings.Interlaced ?? "auto",
  Container: inputSettings.Container ?? "auto",
  TimeSpan: timeSpan,
  DetectedProperties:
    probe === undefined
      ? undefined
      : {
          Width: probe.video?.width,
          Height: probe.video?.height,
          FrameRate: probe.video?.frameRate === undefined ? undefined : String(probe.video.frameRate),
          FileSize: probe.bytes,
          DurationMillis:
            probe.durationSeconds === undefined ? undefined : Math.round(probe.durationSeconds * 1000),
        },
});

const renderPlaylist = ({ name, format, outputKeys, status, statusDetail }: TranscoderPlaylist) => ({
  Name: name,
  Format: format,
  OutputKeys: outputKeys,
  Status: status,
  StatusDetail: statusDetail,
});

const parseEpochMs = (time: string | undefined): number | undefined =>
  time === undefined ? undefined : Date.parse(time);

/** A job as the API shows it (type Job). */
export const renderJob = (job: TranscoderJob, scope: ArnScope) => {
  const outputs = job.outputs.map(renderOutput);
  const input = renderInput(job);
  return {
    Id: job.id,
    Arn: buildTranscoderArn(scope, "job", job.id),
    PipelineId: job.pipelineId,
    Input: input,
    Inputs: [input],
    Output: outputs[0],
    Outputs: outputs,
    OutputKeyPrefix: job.outputKeyPrefix,
    Playlists: job.playlists.map(renderPlaylist),
    Status: job.status,
    UserMetadata: job.userMetadata,
    Timing: {
      SubmitTimeMillis: parseEpochMs(job.createdAt),
      StartTimeMillis: parseEpochMs(job.startedAt),
      FinishTimeMillis: parseEpochMs(job.finishedAt),
    },
  };
};

/** A preset as the API shows it (type Preset). */
export const renderPreset = (preset: Preset, scope: ArnScope) => ({
  ...preset,
  Type: preset.Type ?? "System",
  Arn: buildTranscoderArn(scope, "preset", preset.Id),
});
