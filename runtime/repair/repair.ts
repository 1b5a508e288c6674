import { readdir, rename } from "node:fs/promises";
import { createDynamoJobStore } from "../../adapters/aws/job-store.ts";
import { localTableNames, openDatabase } from "../../adapters/local/database.ts";
import { findDamage, recoverItems } from "../../adapters/local/database-recovery.ts";
import { isDatabaseCreated, isDatabaseLocked } from "../../adapters/local/dynalite-store.ts";
import { noMetrics } from "../../adapters/local/metrics.ts";
import { createLocalObjectStore } from "../../adapters/local/object-store.ts";
import type { JobConfiguration } from "../../pipeline/configuration/configuration.ts";
import { CommandError } from "../../pipeline/errors/errors.ts";
import type { Clock } from "../../pipeline/ports/clock.ts";
import type { DataFolder } from "../data-folder.ts";
import { openFileLog } from "../file-log.ts";
import { localBuckets } from "../names.ts";
import { assertNotRunning, createFolderInUseError } from "../runtime-record.ts";
import { readJobMessages } from "./job-messages.ts";
import { type RebuildReport, rebuildJobs } from "./rebuild-jobs.ts";

/** The result of a repair. */
export type RepairReport =
  | { readonly kind: "undamaged" }
  | {
      readonly kind: "repaired";
      /** Description of the damage. */
      readonly damage: string;
      /** Folder with the damaged database; null if its files were missing. */
      readonly backupFolder: string | null;
      /** Records read from the damaged database, by table; null where none could be read. */
      readonly salvagedRecords: { readonly jobs: number; readonly transcoder: number } | null;
      readonly jobs: RebuildReport;
    };

const clock: Clock = { now: () => new Date() };

/** Renames the damaged database and returns the new path. */
const moveDamagedDatabase = async (directory: string): Promise<string> => {
  const backupFolder = `${directory}.damaged-${clock.now().toISOString().replaceAll(/[:.]/g, "")}`;
  await rename(directory, backupFolder);
  return backupFolder;
};

/** Describes the damage; undefined if undamaged. @throws CommandError for a folder without database and uploads */
const findDatabaseDamage = async ({ database, objects }: DataFolder): Promise<string | undefined> => {
  if (await isDatabaseCreated(database)) return findDamage(database);
  if ((await readdir(objects).catch(() => [])).length > 0) return "its files are missing";
  throw new CommandError(
    `Database ${database} does not exist, and the data folder contains no uploads to rebuild it from. Pass another folder with --data DIR.`,
  );
};

/**
 * Replaces a damaged database by a new one with all readable records and the jobs of all uploads. The runtime must not
 * be running.
 *
 * @throws CommandError if the data folder is in use, or contains neither a database nor uploads
 */
export const repairDatabase = async (
  folder: DataFolder,
  configuration: JobConfiguration,
): Promise<RepairReport> => {
  const nextStep = "Stop it, then run this command again.";
  await assertNotRunning(folder.runtimeRecord, folder.root, nextStep);
  if (await isDatabaseLocked(folder.database))
    throw await createFolderInUseError(folder.runtimeRecord, folder.root, nextStep);
  const damage = await findDatabaseDamage(folder);
  if (damage === undefined) return { kind: "undamaged" };
  const backupFolder = (await isDatabaseCreated(folder.database))
    ? await moveDamagedDatabase(folder.database)
    : null;
  const log = openFileLog(folder.log);
  const database = await openDatabase({ directory: folder.database });
  try {
    const salvagedRecords =
      backupFolder === null
        ? null
        : await recoverItems(backupFolder, `${folder.database}.salvage`, database.client).catch(() => null);
    const jobs = createDynamoJobStore(database.client, localTableNames.jobs, clock);
    const report = await rebuildJobs(
      {
        configuration,
        inputBucket: localBuckets.input,
        outputBucket: localBuckets.output,
        jobs,
        objects: createLocalObjectStore({ directory: folder.objects }),
        clock,
        log,
        metrics: noMetrics,
      },
      await readJobMessages(folder.notifications),
    );
    return { kind: "repaired", damage, backupFolder, salvagedRecords, jobs: report };
  } finally {
    await database.close();
    await log.close();
  }
};
