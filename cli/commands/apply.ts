import { Command } from "commander";
import type { ApplyOptions } from "../actions/apply.ts";
import { parseFolder } from "../arguments.ts";
import { withLockTimeoutOption, withStageOptions } from "./stage.ts";

/** `reelway apply` */
export const applyCommand = (): Command =>
  withLockTimeoutOption(
    withStageOptions(
      new Command("apply")
        .description("apply the reviewed plans of a stage; stop if a plan has changed")
        .requiredOption("--reviewed <file>", "summary.json of the review")
        .option(
          "--next <dir>",
          "folder for the review of stacks that need another approval",
          parseFolder,
          "next",
        )
        .option("--yes", "do not ask")
        .option("--json", "print one JSON document"),
    ),
  ).action(async (options: ApplyOptions) => (await import("../actions/apply.ts")).apply(options));
