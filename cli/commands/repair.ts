import { Command } from "commander";
import { dataFolder, defaultDataFolder } from "../../runtime/data-folder.ts";
import { type RepairReport, repairDatabase } from "../../runtime/repair/repair.ts";
import { parseFolder } from "../arguments.ts";
import { loadConfiguration } from "../configuration.ts";

const describe = (database: string, report: RepairReport): string => {
  if (report.kind === "sound")
    return `The database ${database} is not damaged: every record can be read. No action needed.\n`;
  const { damage, aside, salvaged, jobs } = report;
  return [
    `The database ${database} was damaged: ${damage}.`,
    salvaged === null
      ? "No record of it could be read. Presets, pipelines and jobs made through the transcoder API are lost."
      : `Records read from it: ${salvaged.jobs} of the jobs table, ${salvaged.transcoder} of the transcoder table.`,
    `Jobs of uploads: ${jobs.kept} kept, ${jobs.rebuilt} rebuilt from notifications and outputs, ${jobs.claimed} to be processed at the next start, ${jobs.skipped} not processed again, because the upload was replaced or is older than 30 days.`,
    ...(aside === null
      ? []
      : [`The damaged database is kept in ${aside}; remove it when you no longer need it.`]),
    "Start the runtime again: npm start",
    "",
  ].join("\n");
};

const repair = async ({ data, json }: { readonly data: string; readonly json?: true }): Promise<void> => {
  const folder = dataFolder(data);
  const report = await repairDatabase(folder, await loadConfiguration());
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : describe(folder.database, report));
};

/** `reelway repair` */
export const repairCommand = (): Command =>
  new Command("repair")
    .description("replace a damaged database by one rebuilt from what can be read and from the uploads")
    .option(
      "--data <dir>",
      "data folder of the runtime, which must not be running",
      parseFolder,
      defaultDataFolder,
    )
    .option("--json", "print one JSON document")
    .action(repair);
