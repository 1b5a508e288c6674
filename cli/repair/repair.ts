import { rename } from "node:fs/promises";
import { createDynamoJobStore } from "../../adapters/aws/job-store.ts";
import { localTables, openDatabase } from "../../adapters/local/database.ts";
import { findDamage, salvageItems } from "../../adapters/local/database-salvage.ts";
import { isDatabaseLocked } from "../../adapters/local/dynalite-store.ts";
import { createLocalObjectStore } from "../../adapters/local/object-store.ts";
import type { JobConfiguration } from "../../pipeline/configuration/configuration.ts";
import type { Clock } from "../../pipeline/ports/services.ts";
import { CommandFailed, systemCode } from "../failure.ts";
import type { DataFolder } from "../runtime/data-folder.ts";
import { folderInUse, refuseRunning } from "../runtime/lock.ts";
import { localBuckets } from "../runtime/names.ts";
import { readJobMessages } from "./job-messages.ts";
import { type RebuildReport, rebuildJobs } from "./rebuild-jobs.ts";

/** What a repair found and did. */
export type RepairReport =
  | { readonly kind: "sound" }
  | {
      readonly kind: "repaired";
      /** What was wrong, in words. */
      readonly damage: string;
      /** Folder that keeps the damaged database. */
      readonly aside: string;
      /** Records read from the damaged database, by table; null where none could be read. */
      readonly salvaged: { readonly jobs: number; readonly transcoder: number } | null;
      readonly jobs: RebuildReport;
    };

const clock: Clock = { now: () => new Date() };

/** Keeps the damaged database under another name. */
const moveAside = async (directory: string): Promise<string> => {
  const aside = `${directory}.damaged-${clock.now().toISOString().replaceAll(/[:.]/g, "")}`;
  await rename(directory, aside).catch((cause: unknown) => {
    if (systemCode(cause) !== "ENOENT") throw cause;
    throw new CommandFailed(
      `There is no database ${directory}. Start the runtime to make one: npx reelway start`,
      { cause },
    );
  });
  return aside;
};

/**
 * Puts a new database in place of a damaged one: with every record that can still be read, and with the jobs of all
 * uploads. The runtime must not be running.
 *
 * @throws CommandFailed where the data folder is in use or holds no database
 */
export const repairDatabase = async (
  folder: DataFolder,
  configuration: JobConfiguration,
): Promise<RepairReport> => {
  await refuseRunning(folder.lock, folder.root);
  if (await isDatabaseLocked(folder.database)) throw await folderInUse(folder.lock, folder.root);
  const damage = await findDamage(folder.database);
  if (damage === undefined) return { kind: "sound" };
  const aside = await moveAside(folder.database);
  const database = await openDatabase({ directory: folder.database });
  try {
    const salvaged = await salvageItems(aside, `${folder.database}.salvage`, database.client).catch(
      () => null,
    );
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
