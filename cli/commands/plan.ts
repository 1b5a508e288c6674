import { Command, Option } from "commander";
import { statusText } from "../../terraform/pull-request/comment.ts";
import { jsonText, writePlanFiles } from "../../terraform/pull-request/plan-files.ts";
import { planStage } from "../../terraform/pull-request/plan-stage.ts";
import { checkedOutCommit, currentRun } from "../../terraform/pull-request/run.ts";
import { parseFolder } from "../arguments.ts";
import {
  parseCommit,
  type StageOptions,
  say,
  stacksOfStage,
  stoppableTerraform,
  withLockTimeout,
  withStage,
} from "./stage.ts";

interface PlanOptions extends StageOptions {
  readonly out: string;
  readonly lock: boolean;
  readonly lockTimeout?: string;
  readonly commit?: string;
  readonly json?: true;
}

const plan = async (options: PlanOptions): Promise<void> => {
  const { stage, out, lock, lockTimeout, json } = options;
  const stacks = await stacksOfStage(options);
  const planned = await planStage(stacks, {
    open: stoppableTerraform(!lock),
    onlyReads: !lock,
    lock,
    ...(lockTimeout !== undefined && { lockTimeout }),
    onStack: ({ name }) => say(`Planning ${name}`),
  });
  const summary = await writePlanFiles(planned, {
    directory: out,
    stage,
    commit: options.commit ?? (await checkedOutCommit(process.cwd())),
    run: currentRun(process.env),
    kind: "plan",
  });
  process.stdout.write(
    json
      ? jsonText(summary)
      : [
          ...summary.stacks.map((stack) => `${stack.name}: ${statusText(stack, (name) => name)}`),
          `The review: ${out}/comment.md. To apply just this: npx reelway apply --stage ${stage} --reviewed ${out}/summary.json`,
          "",
        ].join("\n"),
  );
};

/** `reelway plan` */
export const planCommand = (): Command =>
  withLockTimeout(
    withStage(
      new Command("plan")
        .description("plan a stage stack by stack, for a review")
        .requiredOption("--out <dir>", "folder for the review and the plans", parseFolder)
        .option("--no-lock", "do not lock the states, as for who may only read them")
        .addOption(
          new Option("--commit <sha>", "commit that the review is of, in place of the one checked out")
            .env("REELWAY_COMMIT")
            .argParser(parseCommit),
        )
        .option("--json", "print the summary as one JSON document"),
    ),
  ).action(plan);
