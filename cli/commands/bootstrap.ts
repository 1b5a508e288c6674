import { join, resolve } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { Command } from "commander";
import { CommandError } from "../../pipeline/errors/errors.ts";
import { defaultDataFolder } from "../../runtime/data-folder.ts";
import { bootstrapStage } from "../../terraform/deployment/bootstrap.ts";
import { renderCounts, renderProgress } from "../../terraform/runner/render-progress.ts";
import { parseFolder } from "../arguments.ts";
import { readDeployment } from "./deployment.ts";
import { createStopSignal, readStageStacks, report, type StageOptions, withStageOptions } from "./stage.ts";

interface BootstrapOptions extends StageOptions {
  readonly data: string;
  readonly json?: true;
}

const outcomeMessages = {
  created: (stage: string) => `The stage ${stage} is bootstrapped.`,
  updated: (stage: string) => `The stage ${stage} was already bootstrapped; its state stack was updated.`,
  unchanged: (stage: string) => `The stage ${stage} was already bootstrapped; its state stack is unchanged.`,
};

const bootstrap = async (options: BootstrapOptions): Promise<void> => {
  const { stage, data, json } = options;
  const { deployment, names } = await readDeployment(stage);
  const stack = (await readStageStacks(options)).find((one) => one.stack === "state");
  if (stack === undefined) throw new CommandError(`The stage ${stage} has no stack named state.`);
  const s3 = new S3Client({ region: deployment.region });
  const steps: string[] = [];
  try {
    const { bucket, outcome, pendingChanges } = await bootstrapStage({
      stack,
      bucket: names.stateBucket,
      workingDirectory: join(resolve(data), "state"),
      s3,
      report: (line) => {
        steps.push(line);
        report(line);
      },
      onProgress: (progress) => {
        const line = renderProgress(progress);
        if (line !== undefined) report(line);
      },
      signal: createStopSignal(),
    });
    if (json) {
      process.stdout.write(`${JSON.stringify({ stage, bucket, outcome, steps, pendingChanges }, null, 2)}\n`);
      return;
    }
    const hasPendingRemovals = pendingChanges.remove > 0;
    process.stdout.write(
      [
        `${outcomeMessages[outcome](stage)} Its Terraform states are in the bucket ${bucket}.`,
        hasPendingRemovals
          ? `The plan destroys resources of the state stack (${renderCounts(pendingChanges)}), so nothing was changed. To review and apply it: npx reelway deploy --stage ${stage} --only state`
          : `Next: npx reelway deploy --stage ${stage}`,
        "",
      ].join("\n"),
    );
  } finally {
    s3.destroy();
  }
};

/** `reelway bootstrap` */
export const bootstrapCommand = (): Command =>
  withStageOptions(
    new Command("bootstrap").description(
      "create the stack that holds a stage's Terraform states; safe to run again",
    ),
  )
    .option("--data <dir>", "folder for the state until its bucket exists", parseFolder, defaultDataFolder)
    .option("--json", "print one JSON document on standard output; progress goes to standard error")
    .action(bootstrap);
