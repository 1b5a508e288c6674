import { Command } from "commander";
import { findRuntime } from "../../runtime/client.ts";
import { parseJobId } from "../arguments.ts";
import { type RuntimeCommandOptions, withRuntimeOptions } from "./runtime-options.ts";

const cancel = async (id: string, options: RuntimeCommandOptions): Promise<void> => {
  const { job } = await (await findRuntime(options)).cancel(id);
  process.stdout.write(`${job.source.key}: ${job.status}\n`);
};

/** `reelway cancel` */
export const cancelCommand = (): Command =>
  withRuntimeOptions(
    new Command("cancel")
      .description("cancel a job; it produces no output afterwards")
      .argument("<id>", "job id or a unique prefix of it", parseJobId),
  ).action(cancel);
