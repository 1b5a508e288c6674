import { Command } from "commander";
import { defaultDataFolder } from "../../runtime/data-folder.ts";
import type { DestroyOptions } from "../actions/destroy.ts";
import { parseFolder } from "../arguments.ts";
import { parseStage, withLockTimeoutOption } from "./stage.ts";

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
    .action(async (options: DestroyOptions) => (await import("../actions/destroy.ts")).destroy(options));
