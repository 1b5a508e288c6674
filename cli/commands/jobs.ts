import { Command, InvalidArgumentError, Option } from "commander";
import type { JobsOptions } from "../actions/jobs.ts";
import { withRuntimeOptions } from "./runtime-options.ts";

const parseLimit = (text: string): number => {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    throw new InvalidArgumentError("The limit is a number from 1 to 1000.");
  return limit;
};

/** `reelway jobs` */
export const jobsCommand = (): Command =>
  withRuntimeOptions(
    new Command("jobs")
      .description("list the jobs, newest first")
      .option("--limit <n>", "maximum number of jobs", parseLimit, 100)
      .addOption(new Option("--json", "print one JSON document").conflicts("watch"))
      .option("--watch", "update the list until stopped"),
  ).action(async (options: JobsOptions) => (await import("../actions/jobs.ts")).listJobs(options));
