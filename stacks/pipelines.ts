import type { Construct } from "constructs";
import { ElastictranscoderPipeline } from "#aws/elastictranscoder-pipeline";
import { Fn } from "#cdktf";
import { CustomPreset } from "../modules/custom-preset.ts";
import { buildResourceName, type Deployment } from "../modules/names.ts";
import { StageStack } from "../modules/stack.ts";
import { createTranscoderProvider } from "../modules/transcoder-provider.ts";
import type { Configuration } from "../pipeline/configuration/configuration.ts";

/** Creates the pipelines stack: the transcoder pipeline for uploads, and the custom presets. */
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
    // The API requires both or neither.
    contentConfig: { bucket: deployment.outputBucket, storageClass: "Standard" },
    thumbnailConfig: { bucket: deployment.outputBucket, storageClass: "Standard" },
    // The worker uses its task role for the stage's buckets.
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
