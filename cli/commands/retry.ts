import { Command } from "commander";
import { findRuntime } from "../../runtime/client.ts";
import { parseJobId } from "../arguments.ts";
import { type RuntimeCommandOptions, withRuntimeOptions } from "./runtime-options.ts";

const retry = async (
  id: string,
  options: RuntimeCommandOptions & { readonly force?: true },
): Promise<void> => {
  const { job } = await (await findRuntime(options)).retry(id, options.force === true);
  process.stdout.write(`${job.source.key}: ${job.status}, attempt ${job.attempt}\n`);
};

/** `reelway retry` */
export const retryCommand = (): Command =>
  withRuntimeOptions(
    new Command("retry")
      .description("retry a failed or canceled job")
      .argument("<id>", "job id or a unique prefix of it", parseJobId)
      .option("--force", "retry even if the specification or the media is invalid"),
  ).action(retry);
