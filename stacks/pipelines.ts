import type { Construct } from "constructs";
import { ElastictranscoderPipeline } from "#aws/elastictranscoder-pipeline";
import { Fn } from "#cdktf";
import { CustomPreset } from "../modules/custom-preset.ts";
import { buildResourceName } from "../modules/names.ts";
import { StageStack, type StageStackProps } from "../modules/stack.ts";
import { createTranscoderProvider } from "../modules/transcoder-provider.ts";
import type { Configuration } from "../pipeline/configuration/configuration.ts";

/** Properties of `PipelinesStack`. */
export interface PipelinesStackProps extends StageStackProps {
  /** Custom presets. */
  readonly configuration: Pick<Configuration, "transcoderPresets">;
}

/** The transcoder pipeline for uploads, and the custom presets. */
export class PipelinesStack extends StageStack {
  constructor(scope: Construct, { deployment, configuration }: PipelinesStackProps) {
    super(scope, "pipelines", { deployment });
    const { names, arns } = this;
    const provider = createTranscoderProvider(this);
    const topicArn = arns.of("sns", names.transcoderTopic);
    const pipeline = new ElastictranscoderPipeline(this, "uploads", {
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
    const presets = configuration.transcoderPresets.map((preset) => {
      const name = buildResourceName(deployment, preset.Name, 40);
      const customPreset = new CustomPreset(this, `preset-${preset.Name}`, {
        preset: { ...preset, Name: name },
        provider,
      });
      return [preset.Name, customPreset.id] as const;
    });
    this.exportOutput({
      pipeline_id: pipeline.id,
      preset_ids: Fn.jsonencode(Object.fromEntries(presets)),
    });
  }
}
