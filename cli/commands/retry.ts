import { Command } from "commander";
import type { RetryOptions } from "../actions/retry.ts";
import { parseJobId } from "../arguments.ts";
import { withBulkOptions } from "./runtime-options.ts";

/** `reelway retry` */
export const retryCommand = (): Command =>
  withBulkOptions(
    new Command("retry")
      .description(
        "retry a failed or canceled job, or all failed jobs that match the filters, after a question",
      )
      .argument("[id]", "job id; on this machine, a unique prefix of it is enough", parseJobId)
      .option("--force", "retry even if the specification or the media is invalid"),
  ).action(async (id: string | undefined, options: RetryOptions) =>
    (await import("../actions/retry.ts")).retry(id, options),
  );
