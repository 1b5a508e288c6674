import { Command } from "commander";
import { defaultDataFolder } from "../../runtime/data-folder.ts";
import type { BootstrapOptions } from "../actions/bootstrap.ts";
import { parseFolder } from "../arguments.ts";
import { withStageOptions } from "./stage.ts";

/** `reelway bootstrap` */
export const bootstrapCommand = (): Command =>
  withStageOptions(
    new Command("bootstrap").description(
      "create the stack that holds a stage's Terraform states; safe to run again",
    ),
  )
    .option("--data <dir>", "folder for the state until its bucket exists", parseFolder, defaultDataFolder)
    .option("--json", "print one JSON document on standard output; progress goes to standard error")
    .action(async (options: BootstrapOptions) =>
      (await import("../actions/bootstrap.ts")).bootstrap(options),
    );
