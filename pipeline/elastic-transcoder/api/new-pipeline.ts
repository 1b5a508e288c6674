import type { Pipeline, PipelineOutputConfig } from "../jobs/job.ts";
import { type ArnScope, transcoderArn } from "./arn.ts";
import { newId } from "./ids.ts";
import type {
  CreatePipelineRequest,
  OutputConfigRequest,
  UpdatePipelineRequest,
} from "./requests/pipelines.ts";

const noTopics = { Progressing: "", Completed: "", Warning: "", Error: "" };

const outputConfig = (given: OutputConfigRequest | undefined, bucket: string): PipelineOutputConfig => ({
  Bucket: given?.Bucket ?? bucket,
  StorageClass: given?.StorageClass ?? "Standard",
  Permissions: given?.Permissions ?? [],
});

/** The pipeline that a request describes, as ReadPipeline shows it. */
export const newPipeline = (body: CreatePipelineRequest, now: number, scope: ArnScope): Pipeline => {
  const id = newId(now);
  const bucket = body.OutputBucket ?? "";
  return {
    Id: id,
    Arn: transcoderArn(scope, "pipeline", id),
    Name: body.Name,
    Status: "Active",
    InputBucket: body.InputBucket,
    OutputBucket: body.OutputBucket,
    Role: body.Role,
    ...(body.AwsKmsKeyArn === undefined || body.AwsKmsKeyArn === ""
      ? {}
      : { AwsKmsKeyArn: body.AwsKmsKeyArn }),
    Notifications: { ...noTopics, ...body.Notifications },
    ContentConfig: outputConfig(body.ContentConfig, bucket),
    ThumbnailConfig: outputConfig(body.ThumbnailConfig, bucket),
  };
};

/** The pipeline after UpdatePipeline: fields that are left out stay as they are. */
export const updatedPipeline = (pipeline: Pipeline, body: UpdatePipelineRequest): Pipeline => {
  const { ContentConfig, ThumbnailConfig, Name, InputBucket, Role, AwsKmsKeyArn, Notifications } = body;
  return {
    ...pipeline,
    ...(Name === undefined ? {} : { Name }),
    ...(InputBucket === undefined ? {} : { InputBucket }),
    ...(Role === undefined ? {} : { Role }),
    ...(AwsKmsKeyArn === undefined ? {} : { AwsKmsKeyArn }),
    ...(Notifications === undefined ? {} : { Notifications }),
    ...(ContentConfig === undefined
      ? {}
      : { ContentConfig: outputConfig(ContentConfig, pipeline.ContentConfig.Bucket) }),
    ...(ThumbnailConfig === undefined
      ? {}
      : { ThumbnailConfig: outputConfig(ThumbnailConfig, pipeline.ThumbnailConfig.Bucket) }),
  };
};
