import { Command, InvalidArgumentError } from "commander";
import type { SmokeCommandOptions } from "../actions/smoke.ts";

const parseMinutes = (text: string): number => {
  const minutes = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || minutes <= 0 || minutes > 1440)
    throw new InvalidArgumentError("The timeout is a number of minutes, at most 1440.");
  return minutes;
};

/** `reelway smoke` */
export const smokeCommand = (): Command =>
  new Command("smoke")
    .description("process one clip per route in a deployed stage, verify the outputs and delete everything")
    .requiredOption("--stage <stage>", "stage of reelway.config.ts")
    .option("--route <name...>", "only these routes", [])
    .option("--timeout <minutes>", "time limit for all jobs together, in minutes", parseMinutes, 15)
    .option("--keep", "keep clips and outputs in the buckets")
    .option("--json", "print one JSON document on standard output; progress goes to standard error")
    .action(async (options: SmokeCommandOptions) =>
      (await import("../actions/smoke.ts")).runSmokeCommand(options),
    );
