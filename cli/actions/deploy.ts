import { ECRClient } from "@aws-sdk/client-ecr";
import { commandClientOptions } from "../../adapters/aws/command-client.ts";
import { UsageError } from "../../pipeline/errors/errors.ts";
import { deployStacks, usesImage } from "../../terraform/deployment/deploy.ts";
import { countStageParts, describeStageCost } from "../../terraform/deployment/estimate-stage-cost.ts";
import type { Compression, Engine } from "../../terraform/image/engine-names.ts";
import { readImageRecord } from "../../terraform/image/image-record.ts";
import { imageVariable, prepareImage } from "../../terraform/image/prepare-image.ts";
import { openRegistry } from "../../terraform/image/registry.ts";
import { renderProgress } from "../../terraform/runner/render-progress.ts";
import { readStackResources } from "../../terraform/runner/stack-resources.ts";
import { synthesize } from "../../terraform/runner/synthesize.ts";
import { openTerraform } from "../../terraform/runner/terraform.ts";
import { createConfirmPrompt } from "../confirm.ts";
import { renderDeployResults } from "../render/deploy-results.ts";
import { readDeployment } from "./deployment.ts";
import { requireChecks } from "./doctor-stage.ts";
import { checkCompression } from "./image-compression.ts";
import { createStopSignal, readStageStacks, report, type StageOptions, selectStacks } from "./stage.ts";

/** Options of `reelway deploy`. */
export interface DeployOptions extends StageOptions {
  readonly only?: readonly string[];
  readonly image?: string;
  readonly engine?: Engine;
  readonly buildArg: Readonly<Record<string, string>>;
  readonly compression?: Compression;
  readonly yes?: true;
  /** False skips the checks of `reelway doctor --stage`. */
  readonly doctor: boolean;
  readonly lockTimeout?: string;
  readonly json?: true;
}

/** Builds the worker's image and applies the stacks of a stage. */
export const deploy = async (options: DeployOptions): Promise<void> => {
  const { stage, only, image, engine, buildArg, compression, yes = false, lockTimeout, json } = options;
  const { configuration, deployment, names } = await readDeployment(stage);
  const signal = createStopSignal();
  const confirm = createConfirmPrompt(yes, signal);
  const { digest } = await readImageRecord();
  if (image !== undefined && digest !== null && !image.endsWith(`@${digest}`))
    throw new UsageError(
      `--image differs from the image ${digest} in image.json, which is the reviewed one. To deploy another image, write its repository and digest to that file. --image is only for a file without a digest.`,
    );
  const allStacks = await readStageStacks(options);
  const stacks = selectStacks(allStacks, only);
  const hasImage = image !== undefined || (digest === null && Boolean(process.env[imageVariable]));
  if (options.doctor) await requireChecks(stage, allStacks, !hasImage && stacks.some(usesImage));
  const parts = countStageParts(await readStackResources(allStacks));
  report(describeStageCost(deployment, configuration.taskSizes.transcode, parts));
  const client = new ECRClient({ ...commandClientOptions, region: deployment.region });
  try {
    const results = await deployStacks({
      stacks,
      confirm,
      report,
      ...(lockTimeout === undefined ? {} : { lockTimeout }),
      open: ({ directory }, environment) =>
        openTerraform({
          directory,
          environment,
          signal,
          onProgress: (progress) => {
            const line = renderProgress(progress);
            if (line !== undefined) report(line);
          },
        }),
      prepareImage: () =>
        prepareImage({
          ...(image === undefined ? {} : { existingImageUri: image }),
          registry: openRegistry(client, names.imageRepository),
          architecture: deployment.worker.architecture,
          ...(engine === undefined ? {} : { engine }),
          buildArguments: buildArg,
          ...checkCompression(compression, deployment),
          synthesize,
          report,
        }),
    });
    process.stdout.write(
      json ? `${JSON.stringify({ stage, stacks: results }, null, 2)}\n` : renderDeployResults(results),
    );
  } finally {
    client.destroy();
  }
};
