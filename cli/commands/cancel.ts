import { Command } from "commander";
import type { BulkOptions } from "../actions/change-jobs.ts";
import { parseJobId } from "../arguments.ts";
import { withBulkOptions } from "./runtime-options.ts";

/** `reelway cancel` */
export const cancelCommand = (): Command =>
  withBulkOptions(
    new Command("cancel")
      .description(
        "cancel a job, which produces no output afterwards, or all open jobs that match the filters, after a question",
      )
      .argument("[id]", "job id; on this machine, a unique prefix of it is enough", parseJobId),
  ).action(async (id: string | undefined, options: BulkOptions) =>
    (await import("../actions/cancel.ts")).cancel(id, options),
  );
