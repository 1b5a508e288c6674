import { join, resolve } from "node:path";
import { ECRClient } from "@aws-sdk/client-ecr";
import { S3Client } from "@aws-sdk/client-s3";
import { UsageError } from "../../pipeline/errors/errors.ts";
import { destroyStacks } from "../../terraform/deployment/destroy.ts";
import { renderProgress } from "../../terraform/runner/render-progress.ts";
import { synthesize } from "../../terraform/runner/synthesize.ts";
import { createConfirmPrompt } from "../confirm.ts";
import { readDeployment } from "./deployment.ts";
import { createStopSignal, readStageStacks, report, selectStacks } from "./stage.ts";

/** Options of `reelway destroy`. */
export interface DestroyOptions {
  readonly stage: string;
  readonly include: readonly string[];
  readonly confirm: string;
  readonly deleteObjects?: true;
  readonly yes?: true;
  readonly lockTimeout?: string;
  readonly data: string;
  readonly json?: true;
}

/** Destroys stacks of a stage. */
export const destroy = async (options: DestroyOptions): Promise<void> => {
  const {
    stage,
    include,
    deleteObjects: shouldDeleteObjects = false,
    yes = false,
    lockTimeout,
    data,
    json,
  } = options;
  const { deployment, names } = await readDeployment(stage);
  const name = `${deployment.project}-${stage}`;
  if (options.confirm !== name)
    throw new UsageError(`--confirm must be the project and the stage: --confirm ${name}`);
  const signal = createStopSignal();
  const confirm = createConfirmPrompt(yes, signal);
  // Protection is removed by a second synth, so the first one always runs.
  const stacks = await readStageStacks({ stage, synth: true });
  selectStacks(stacks, include);
  const { region } = deployment;
  const s3 = new S3Client({ region });
  const ecr = new ECRClient({ region });
  try {
    const results = await destroyStacks({
      stacks,
      include,
      stateBucket: names.stateBucket,
      workingDirectory: join(resolve(data), "state"),
      shouldDeleteObjects,
      synthesize: (unprotectedStacks) => synthesize({ REELWAY_UNPROTECT: unprotectedStacks.join(",") }),
      confirm,
      report,
      s3,
      ecr,
      signal,
      ...(lockTimeout === undefined ? {} : { lockTimeout }),
      onProgress: (progress) => {
        const line = renderProgress(progress);
        if (line !== undefined) report(line);
      },
    });
    process.stdout.write(
      json
        ? `${JSON.stringify({ stage, stacks: results }, null, 2)}\n`
        : `${results.map((one) => `${one.name}: ${one.outcome}`).join("\n")}\n`,
    );
  } finally {
    s3.destroy();
    ecr.destroy();
  }
};
