import { readdir, rename } from "node:fs/promises";
import { createDynamoJobStore } from "../../adapters/aws/job-store.ts";
import { localTables, openDatabase } from "../../adapters/local/database.ts";
import { findDamage, salvageItems } from "../../adapters/local/database-salvage.ts";
import { holdsDatabase, isDatabaseLocked } from "../../adapters/local/dynalite-store.ts";
import { createLocalObjectStore } from "../../adapters/local/object-store.ts";
import type { JobConfiguration } from "../../pipeline/configuration/configuration.ts";
import { CommandFailed } from "../../pipeline/errors/user-error.ts";
import type { Clock } from "../../pipeline/ports/services.ts";
import type { DataFolder } from "../data-folder.ts";
import { folderInUse, refuseRunning } from "../lock.ts";
import { localBuckets } from "../names.ts";
import { readJobMessages } from "./job-messages.ts";
import { type RebuildReport, rebuildJobs } from "./rebuild-jobs.ts";

/** What a repair found and did. */
export type RepairReport =
  | { readonly kind: "sound" }
  | {
      readonly kind: "repaired";
      /** What was wrong, in words. */
      readonly damage: string;
      /** Folder that keeps the damaged database; null where there was none. */
      readonly aside: string | null;
      /** Records read from the damaged database, by table; null where none could be read. */
      readonly salvaged: { readonly jobs: number; readonly transcoder: number } | null;
      readonly jobs: RebuildReport;
    };

const clock: Clock = { now: () => new Date() };

/** Keeps the damaged database under another name. */
const moveAside = async (directory: string): Promise<string> => {
  const aside = `${directory}.damaged-${clock.now().toISOString().replaceAll(/[:.]/g, "")}`;
  await rename(directory, aside);
  return aside;
};

/** What is wrong with the database; undefined where nothing is. @throws CommandFailed for a folder without uploads */
const examine = async ({ database, objects }: DataFolder): Promise<string | undefined> => {
  if (await holdsDatabase(database)) return findDamage(database);
  if ((await readdir(objects).catch(() => [])).length > 0) return "its files are missing";
  throw new CommandFailed(
    `There is no database ${database}, and there are no uploads of which to make one. Name another folder with --data DIR.`,
  );
};

/**
 * Puts a new database in place of a damaged one: with every record that can still be read, and with the jobs of all
 * uploads. The runtime must not be running.
 *
 * @throws CommandFailed where the data folder is in use, or holds neither a database nor uploads
 */
export const repairDatabase = async (
  folder: DataFolder,
  configuration: JobConfiguration,
): Promise<RepairReport> => {
  const nextStep = "Stop it, then repair the database: npx reelway repair";
  await refuseRunning(folder.lock, folder.root, nextStep);
  if (await isDatabaseLocked(folder.database)) throw await folderInUse(folder.lock, folder.root, nextStep);
  const damage = await examine(folder);
  if (damage === undefined) return { kind: "sound" };
  const aside = (await holdsDatabase(folder.database)) ? await moveAside(folder.database) : null;
  const database = await openDatabase({ directory: folder.database });
  try {
    const salvaged =
      aside === null
        ? null
        : await salvageItems(aside, `${folder.database}.salvage`, database.client).catch(() => null);
    const jobs = createDynamoJobStore(database.client, localTables.jobs, clock);
    const report = await rebuildJobs(
      {
        configuration,
        inputBucket: localBuckets.input,
        outputBucket: localBuckets.output,
        jobs,
        objects: createLocalObjectStore({ directory: folder.objects }),
        clock,
      },
      await readJobMessages(folder.notifications),
    );
    return { kind: "repaired", damage, aside, salvaged, jobs: report };
  } finally {
    await database.close();
  }
};
