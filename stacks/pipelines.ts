import type { Construct } from "constructs";
import { ElastictranscoderPipeline } from "#aws/elastictranscoder-pipeline";
import { Fn } from "#cdktf";
import { CustomPreset } from "../modules/custom-preset.ts";
import { buildResourceName, type Deployment } from "../modules/names.ts";
import { StageStack } from "../modules/stack.ts";
import { createTranscoderProvider } from "../modules/transcoder-provider.ts";
import type { Configuration } from "../pipeline/configuration/configuration.ts";

/** What the transcoder's API holds for this stage: the pipeline of its uploads, and the team's own presets. */
export const createPipelinesStack = (
  scope: Construct,
  deployment: Deployment,
  { transcoderPresets }: Pick<Configuration, "transcoderPresets">,
): StageStack => {
  const stack = new StageStack(scope, deployment, "pipelines");
  const { names, arns } = stack;
  const provider = createTranscoderProvider(stack);
  const topicArn = arns.of("sns", names.transcoderTopic);
  const pipeline = new ElastictranscoderPipeline(stack, "uploads", {
    provider,
    name: names.transcoderPipeline,
    inputBucket: deployment.inputBucket,
    // Both, or neither: the API then takes the settings of files and of thumbnails apart.
    contentConfig: { bucket: deployment.outputBucket, storageClass: "Standard" },
    thumbnailConfig: { bucket: deployment.outputBucket, storageClass: "Standard" },
    // The stage's own buckets are read and written by the worker's own role.
    role: arns.role(`${names.workerTaskFamily}-task`),
    notifications: { completed: topicArn, error: topicArn },
  });
  const presets = transcoderPresets.map((preset) => {
    const name = buildResourceName(deployment, preset.Name, 40);
    const customPreset = new CustomPreset(stack, `preset-${preset.Name}`, {
      preset: { ...preset, Name: name },
      provider,
    });
    return [preset.Name, customPreset.id] as const;
  });
  stack.exportOutput({
    pipeline_id: pipeline.id,
    preset_ids: Fn.jsonencode(Object.fromEntries(presets)),
  });
  return stack;
};
