import { Command, Option } from "commander";
import type { PlanOptions } from "../actions/plan.ts";
import { parseFolder } from "../arguments.ts";
import { parseCommit, withLockTimeoutOption, withStageOptions } from "./stage.ts";

/** `reelway plan` */
export const planCommand = (): Command =>
  withLockTimeoutOption(
    withStageOptions(
      new Command("plan")
        .description("plan the stacks of a stage and write a review")
        .option("--out <dir>", "folder for the review and the plans", parseFolder, ".reelway/plan")
        .option("--no-lock", "do not lock the states (for read-only credentials)")
        .addOption(
          new Option("--commit <sha>", "commit under review (default: the one checked out)")
            .env("REELWAY_COMMIT")
            .argParser(parseCommit),
        )
        .option("--json", "print the summary as one JSON document"),
    ),
  ).action(async (options: PlanOptions) => (await import("../actions/plan.ts")).planStacks(options));
