import { Command } from "commander";
import { defaultDataFolder, resolveDataFolder } from "../../runtime/data-folder.ts";
import { type RepairReport, repairDatabase } from "../../runtime/repair/repair.ts";
import { parseFolder } from "../arguments.ts";
import { readLocalConfiguration } from "../configuration.ts";

const formatReport = (database: string, report: RepairReport): string => {
  if (report.kind === "undamaged")
    return `The database ${database} is not damaged: every record can be read. No action needed.\n`;
  const { damage, backupFolder, salvagedRecords, jobs } = report;
  return [
    `The database ${database} was damaged: ${damage}.`,
    salvagedRecords === null
      ? "None of its records could be read. Presets, pipelines and jobs created through the transcoder API are lost."
      : `Records recovered: ${salvagedRecords.jobs} from the jobs table, ${salvagedRecords.transcoder} from the transcoder table.`,
    `Jobs of uploads: ${jobs.kept} kept, ${jobs.rebuilt} rebuilt from notifications and outputs, ${jobs.claimed} to be processed at the next start, ${jobs.skipped} skipped because the upload was replaced or is older than 30 days.`,
    ...(backupFolder === null
      ? []
      : [`The damaged database is kept in ${backupFolder}; remove it when you no longer need it.`]),
    "Start the runtime again: npm start",
    "",
  ].join("\n");
};

const repair = async ({ data, json }: { readonly data: string; readonly json?: true }): Promise<void> => {
  const folder = resolveDataFolder(data);
  const report = await repairDatabase(folder, await readLocalConfiguration());
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(folder.database, report));
};

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
    .action(repair);
