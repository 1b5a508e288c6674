import { Command } from "commander";
import { findRuntime } from "../../runtime/client.ts";
import { parseJobId } from "../arguments.ts";
import { toJobDocument } from "../job-document.ts";
import { renderJobDetails } from "../render/job-details.ts";
import { type RuntimeCommandOptions, withRuntimeOptions } from "./runtime-options.ts";

const showJob = async (
  id: string,
  options: RuntimeCommandOptions & { readonly json?: true },
): Promise<void> => {
  const listedJob = await (await findRuntime(options)).getJob(id);
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ ...toJobDocument(listedJob), history: listedJob.job.history, probe: listedJob.job.probe ?? null }, null, 2)}\n`
      : renderJobDetails(listedJob),
  );
};

/** `reelway job` */
export const jobCommand = (): Command =>
  withRuntimeOptions(
    new Command("job")
      .description("show a job with its history")
      .argument("<id>", "job id or a unique prefix of it", parseJobId)
      .option("--json", "print one JSON document"),
  ).action(showJob);
