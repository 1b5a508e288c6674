import { Command } from "commander";
import type { JobOptions } from "../actions/job.ts";
import { parseJobId } from "../arguments.ts";
import { withStageOrRuntimeOptions } from "./runtime-options.ts";

/** `reelway job` */
export const jobCommand = (): Command =>
  withStageOrRuntimeOptions(
    new Command("job")
      .description("show a job with its history")
      .argument("<id>", "job id; on this machine, a unique prefix of it is enough", parseJobId)
      .option("--json", "print one JSON document"),
  ).action(async (id: string, options: JobOptions) =>
    (await import("../actions/job.ts")).showJob(id, options),
  );
