import { join, resolve } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { CommandError } from "../../pipeline/errors/errors.ts";
import { bootstrapStage } from "../../terraform/deployment/bootstrap.ts";
import { runGithubCheck } from "../../terraform/doctor/check-github.ts";
import { renderCounts, renderProgress } from "../../terraform/runner/render-progress.ts";
import { readDeployment } from "./deployment.ts";
import { createStopSignal, readStageStacks, report, reportFindings, type StageOptions } from "./stage.ts";

/** Options of `reelway bootstrap`. */
export interface BootstrapOptions extends StageOptions {
  readonly data: string;
  readonly json?: true;
}

const outcomeMessages = {
  created: (stage: string) => `The stage ${stage} is bootstrapped.`,
  updated: (stage: string) => `The stage ${stage} was already bootstrapped; its state stack was updated.`,
  unchanged: (stage: string) => `The stage ${stage} was already bootstrapped; its state stack is unchanged.`,
};

/** Creates or updates the state stack of a stage. */
export const bootstrap = async (options: BootstrapOptions): Promise<void> => {
  const { stage, data, json } = options;
  const { deployment, names } = await readDeployment(stage);
  const stack = (await readStageStacks(options)).find((one) => one.stack === "state");
  if (stack === undefined) throw new CommandError(`The stage ${stage} has no stack named state.`);
  reportFindings(await runGithubCheck(deployment));
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
