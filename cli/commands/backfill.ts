import { Command } from "commander";
import type { BackfillOptions } from "../actions/backfill.ts";
import { parseTimeOrAge } from "../arguments.ts";
import { parseStage } from "./stage.ts";

/** `reelway backfill` */
export const backfillCommand = (): Command =>
  new Command("backfill")
    .description(
      "create the jobs of uploads that are older than their route, after a question that shows their number and what they cost",
    )
    .option("--stage <name>", "stage of reelway.config.ts, with your AWS credentials", parseStage)
    .requiredOption("--route <name>", "route whose uploads get jobs")
    .requiredOption(
      "--since <time>",
      "uploads from then on: an age such as 12h or 30d, or a time (ISO 8601)",
      parseTimeOrAge,
    )
    .option("--until <time>", "uploads before then: an age or a time (default: now)", parseTimeOrAge)
    .option("--yes", "do not ask")
    .option("--json", "print one JSON document")
    .action(async (options: BackfillOptions) => (await import("../actions/backfill.ts")).backfill(options));
