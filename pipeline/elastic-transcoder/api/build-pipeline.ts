import type { Pipeline, PipelineOutputConfig } from "../jobs/job.ts";
import { type ArnScope, buildTranscoderArn } from "./arn.ts";
import { generateId } from "./ids.ts";
import type {
  CreatePipelineRequest,
  OutputConfigRequest,
  UpdatePipelineRequest,
} from "./requests/pipelines.ts";

const noTopics = { Progressing: "", Completed: "", Warning: "", Error: "" };

const buildOutputConfig = (
  request: OutputConfigRequest | undefined,
  bucket: string,
): PipelineOutputConfig => ({
  Bucket: request?.Bucket ?? bucket,
  StorageClass: request?.StorageClass ?? "Standard",
  Permissions: request?.Permissions ?? [],
});

/** Builds a pipeline from a CreatePipeline request, as ReadPipeline returns it. @param now milliseconds since 1970 */
export const buildPipeline = (body: CreatePipelineRequest, now: number, scope: ArnScope): Pipeline => {
  const id = generateId(now);
  const bucket = body.OutputBucket ?? "";
  return {
    Id: id,
    Arn: buildTranscoderArn(scope, "pipeline", id),
    Name: body.Name,
    Status: "Active",
    InputBucket: body.InputBucket,
    OutputBucket: body.OutputBucket,
    Role: body.Role,
    ...(body.AwsKmsKeyArn === undefined || body.AwsKmsKeyArn === ""
      ? {}
      : { AwsKmsKeyArn: body.AwsKmsKeyArn }),
    Notifications: { ...noTopics, ...body.Notifications },
    ContentConfig: buildOutputConfig(body.ContentConfig, bucket),
    ThumbnailConfig: buildOutputConfig(body.ThumbnailConfig, bucket),
  };
};

/** The pipeline after UpdatePipeline: omitted fields keep their value. */
export const applyPipelineUpdate = (pipeline: Pipeline, body: UpdatePipelineRequest): Pipeline => {
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
      : { ContentConfig: buildOutputConfig(ContentConfig, pipeline.ContentConfig.Bucket) }),
    ...(ThumbnailConfig === undefined
      ? {}
      : { ThumbnailConfig: buildOutputConfig(ThumbnailConfig, pipeline.ThumbnailConfig.Bucket) }),
  };
};
