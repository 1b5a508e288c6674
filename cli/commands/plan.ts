import { Command, Option } from "commander";
import { renderStatus } from "../../terraform/pull-request/comment.ts";
import { formatJson, writePlanFiles } from "../../terraform/pull-request/plan-files.ts";
import { planStage } from "../../terraform/pull-request/plan-stage.ts";
import { readHeadCommit, readWorkflowRun } from "../../terraform/pull-request/workflow-run.ts";
import { parseFolder } from "../arguments.ts";
import {
  createTerraformOpener,
  parseCommit,
  readStageStacks,
  report,
  type StageOptions,
  withLockTimeoutOption,
  withStageOptions,
} from "./stage.ts";

interface PlanOptions extends StageOptions {
  readonly out: string;
  readonly lock: boolean;
  readonly lockTimeout?: string;
  readonly commit?: string;
  readonly json?: true;
}

const planStacks = async (options: PlanOptions): Promise<void> => {
  const { stage, out, lock, lockTimeout, json } = options;
  const stacks = await readStageStacks(options);
  const stagePlan = await planStage(stacks, {
    open: createTerraformOpener(!lock),
    isReadOnly: !lock,
    lock,
    ...(lockTimeout !== undefined && { lockTimeout }),
    onStack: ({ name }) => report(`Planning ${name}`),
  });
  const summary = await writePlanFiles(stagePlan, {
    directory: out,
    stage,
    commit: options.commit ?? (await readHeadCommit(process.cwd())),
    run: readWorkflowRun(process.env),
    kind: "plan",
  });
  process.stdout.write(
    json
      ? formatJson(summary)
      : [
          ...summary.stacks.map((stack) => `${stack.name}: ${renderStatus(stack, (name) => name)}`),
          `Review: ${out}/comment.md. To apply exactly these plans: npx reelway apply --stage ${stage} --reviewed ${out}/summary.json`,
          "",
        ].join("\n"),
  );
};

/** `reelway plan` */
export const planCommand = (): Command =>
  withLockTimeoutOption(
    withStageOptions(
      new Command("plan")
        .description("plan the stacks of a stage and write a review")
        .requiredOption("--out <dir>", "folder for the review and the plans", parseFolder)
        .option("--no-lock", "do not lock the states (for read-only credentials)")
        .addOption(
          new Option("--commit <sha>", "commit under review (default: the one checked out)")
            .env("REELWAY_COMMIT")
            .argParser(parseCommit),
        )
        .option("--json", "print the summary as one JSON document"),
    ),
  ).action(planStacks);
