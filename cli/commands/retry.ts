import { Command } from "commander";
import type { RetryOptions } from "../actions/retry.ts";
import { parseJobId } from "../arguments.ts";
import { withRuntimeOptions } from "./runtime-options.ts";

/** `reelway retry` */
export const retryCommand = (): Command =>
  withRuntimeOptions(
    new Command("retry")
      .description("retry a failed or canceled job")
      .argument("<id>", "job id or a unique prefix of it", parseJobId)
      .option("--force", "retry even if the specification or the media is invalid"),
  ).action(async (id: string, options: RetryOptions) =>
    (await import("../actions/retry.ts")).retry(id, options),
  );
