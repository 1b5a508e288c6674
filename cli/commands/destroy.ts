import { join, resolve } from "node:path";
import { ECRClient } from "@aws-sdk/client-ecr";
import { S3Client } from "@aws-sdk/client-s3";
import { Command } from "commander";
import { UsageError } from "../../pipeline/errors/errors.ts";
import { defaultDataFolder } from "../../runtime/data-folder.ts";
import { destroyStacks } from "../../terraform/deployment/destroy.ts";
import { renderProgress } from "../../terraform/runner/render-progress.ts";
import { synthesise } from "../../terraform/runner/synthesise.ts";
import { parseFolder } from "../arguments.ts";
import { createConfirmPrompt } from "../confirm.ts";
import { readDeployment } from "./deployment.ts";
import {
  createStopSignal,
  parseStage,
  readStageStacks,
  report,
  selectStacks,
  withLockTimeoutOption,
} from "./stage.ts";

interface DestroyOptions {
  readonly stage: string;
  readonly include: readonly string[];
  readonly confirm: string;
  readonly deleteObjects?: true;
  readonly yes?: true;
  readonly lockTimeout?: string;
  readonly data: string;
  readonly json?: true;
}

const destroy = async (options: DestroyOptions): Promise<void> => {
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
      synthesise: (unprotectedStacks) => synthesise({ REELWAY_UNPROTECT: unprotectedStacks.join(",") }),
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

/** `reelway destroy` */
export const destroyCommand = (): Command =>
  withLockTimeoutOption(
    new Command("destroy")
      .description("destroy stacks of a stage, in reverse order")
      .requiredOption("--stage <name>", "stage of reelway.config.ts, e.g. dev", parseStage)
      .requiredOption("--include <stack...>", "stacks to destroy, e.g. routing pipelines")
      .requiredOption("--confirm <name>", "project and stage, e.g. reelway-dev")
      .option(
        "--delete-objects",
        "also delete all object versions and images in their buckets and repositories",
      )
      .option("--yes", "remove prevent_destroy and destroy without asking"),
  )
    .option(
      "--data <dir>",
      "folder for the local copy of the state stack's Terraform state",
      parseFolder,
      defaultDataFolder,
    )
    .option("--json", "print one JSON document on standard output; progress goes to standard error")
    .action(destroy);
