import { Command } from "commander";
import type { ReviewCommandOptions } from "../actions/review.ts";

/** `reelway review` */
export const reviewCommand = (): Command =>
  new Command("review")
    .description("summarize Terraform plans as Markdown for a pull request")
    .argument("<plans...>", "output of terraform show -json: PLAN.json or NAME=PLAN.json")
    .option("--json", "print one JSON document")
    .option(
      "--allow-destroy <address>",
      "stateful resource (bucket, table, key, …) that may be destroyed; repeatable",
      (address: string, previous: readonly string[]) => [...previous, address],
      [],
    )
    .addHelpText(
      "after",
      "\nExits with status 1 if a plan destroys a stateful resource without --allow-destroy.",
    )
    .action(async (files: readonly string[], options: ReviewCommandOptions) =>
      (await import("../actions/review.ts")).reviewPlans(files, options),
    );
