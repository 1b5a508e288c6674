import { Command } from "commander";
import type { RedriveCommandOptions } from "../actions/redrive.ts";
import { parseNumberBetween } from "../arguments.ts";
import { parseStage } from "./stage.ts";

/** `reelway redrive` */
export const redriveCommand = (): Command =>
  new Command("redrive")
    .description(
      "send the messages of a stage's dead-letter queues where they belong, after a question; uses your AWS credentials",
    )
    .requiredOption("--stage <name>", "stage of reelway.config.ts, e.g. dev", parseStage)
    .option("--queue <names...>", "only these dead-letter queues")
    .option("--dry-run", "count the messages by what would be done, and change nothing")
    .option("--limit <n>", "maximum number of messages of each queue", parseNumberBetween(1, 1_000_000, true))
    .option("--yes", "do not ask")
    .option("--json", "print one JSON document")
    .action(async (options: RedriveCommandOptions) =>
      (await import("../actions/redrive.ts")).redrive(options),
    );
