import { Command } from "commander";
import { defaultDataFolder } from "../../runtime/data-folder.ts";
import type { RepairOptions } from "../actions/repair.ts";
import { parseFolder } from "../arguments.ts";

/** `reelway repair` */
export const repairCommand = (): Command =>
  new Command("repair")
    .description("rebuild a damaged database from its readable records and the uploads")
    .option(
      "--data <dir>",
      "data folder of the runtime; the runtime must be stopped",
      parseFolder,
      defaultDataFolder,
    )
    .option("--json", "print one JSON document")
    .action(async (options: RepairOptions) => (await import("../actions/repair.ts")).repair(options));
