import { Command } from "commander";
import type { RuntimeLocation } from "../../runtime/client.ts";
import { parseJobId } from "../arguments.ts";
import { withRuntimeOptions } from "./runtime-options.ts";

/** `reelway cancel` */
export const cancelCommand = (): Command =>
  withRuntimeOptions(
    new Command("cancel")
      .description("cancel a job; it produces no output afterwards")
      .argument("<id>", "job id or a unique prefix of it", parseJobId),
  ).action(async (id: string, options: RuntimeLocation) =>
    (await import("../actions/cancel.ts")).cancel(id, options),
  );
