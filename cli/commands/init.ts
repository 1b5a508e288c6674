import { Command } from "commander";
import type { InitOptions } from "../actions/init.ts";

const collectStages = (text: string, previous: readonly string[] = []): readonly string[] => [
  ...previous,
  ...text.split(",").map((name) => name.trim()),
];

/** `reelway init` */
export const initCommand = (): Command =>
  new Command("init")
    .description(
      "create a project in the working directory; in an existing one, add missing files and show what this version would change",
    )
    .option("--name <name>", "project name, the prefix of every resource name (default: the folder's name)")
    .option("--stage <names>", "stages, separated by commas; repeatable (default: dev,prod)", collectStages)
    .option("--region <region>", "AWS Region of the stages (default: us-east-1)")
    .option("--yes", "use the defaults without asking")
    .option("--write", "update existing files that differ")
    .option("--json", "print one JSON document on standard output")
    .action(async (options: InitOptions) => (await import("../actions/init.ts")).initProject(options));
