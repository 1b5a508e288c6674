import { Command, Option } from "commander";
import type { JobsOptions } from "../actions/jobs.ts";
import { parseNumberBetween } from "../arguments.ts";
import { withJobFilterOptions, withStageOrRuntimeOptions } from "./runtime-options.ts";

/** `reelway jobs` */
export const jobsCommand = (): Command =>
  withStageOrRuntimeOptions(
    withJobFilterOptions(new Command("jobs").description("list the jobs, newest first"))
      .option("--limit <n>", "maximum number of jobs", parseNumberBetween(1, 100_000, true), 100)
      .addOption(new Option("--json", "print one JSON document").conflicts("watch"))
      .addOption(new Option("--watch", "update the list until stopped").conflicts("stage")),
  ).action(async (options: JobsOptions) => (await import("../actions/jobs.ts")).listJobs(options));
