import { quoteShellArgument } from "../../pipeline/text/format.ts";
import { type DataFolder, resolveDataFolder } from "../../runtime/data-folder.ts";
import { type RepairReport, repairDatabase } from "../../runtime/repair/repair.ts";
import { readLocalConfiguration } from "../configuration.ts";

const formatReport = ({ root, database }: DataFolder, report: RepairReport): string => {
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
    `Start the runtime again: npx reelway start --data ${quoteShellArgument(root)}`,
    "",
  ].join("\n");
};

/** Options of `reelway repair`. */
export interface RepairOptions {
  readonly data: string;
  readonly json?: true;
}

/** Rebuilds a damaged database and prints what was recovered. */
export const repair = async ({ data, json }: RepairOptions): Promise<void> => {
  const folder = resolveDataFolder(data);
  const report = await repairDatabase(folder, await readLocalConfiguration());
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(folder, report));
};
