import { type LocalDatabase, openDatabase } from "../adapters/local/database.ts";
import { killOrphanedTasks } from "../adapters/local/orphaned-tasks.ts";
import type { CommandFailed } from "../pipeline/errors/user-error.ts";
import type { Log } from "../pipeline/ports/services.ts";
import type { Closers } from "./closers.ts";
import { createProblemReport, type DataFileProblem, prepareDataFiles } from "./data-files.ts";
import type { DataFolder } from "./data-folder.ts";
import { type DiskWatch, startDiskWatch } from "./disk-watch.ts";
import { type RuntimeRecordFile, writeRuntimeRecord } from "./lock.ts";
import { databaseNotices, diskNotices } from "./notices.ts";
import { clearFolder } from "./recovery.ts";

/** A data folder that this process has to itself. */
export interface OpenDataFolder {
  readonly database: LocalDatabase;
  readonly disk: DiskWatch;
  readonly record: RuntimeRecordFile;
  readonly reportProblem: (problem: DataFileProblem) => void;
}
interface OpenOptions {
  readonly closers: Closers;
  readonly log: Log;
  /** Gets a line for the person at the terminal. */
  readonly notify: (line: string) => void;
  /** Gets the failure after which the runtime can do nothing more. */
  readonly fail: (failure: CommandFailed) => void;
}

/**
 * Locks a data folder by its database, and clears what a killed runtime left: its tasks first, then their files.
 *
 * @throws DatabaseFailure; CommandFailed for a file that the runtime cannot work with
 */
export const openDataFolder = async (
  folder: DataFolder,
  { closers, log, notify, fail }: OpenOptions,
): Promise<OpenDataFolder> => {
  const database = await openDatabase({
    directory: folder.database,
    ...databaseNotices(folder.root, { notify, log, fail }),
  });
  closers.add(() => database.close());
  const record = await writeRuntimeRecord(folder.lock);
  closers.add(() => record.remove());
  const disk = await startDiskWatch({
    directory: folder.root,
    ...diskNotices(folder.root, { notify, log }),
  });
  closers.add(() => disk.close());
  const reportProblem = createProblemReport(log, notify);
  await prepareDataFiles(folder, reportProblem);
  await killOrphanedTasks(folder.tasks);
  await clearFolder(folder.scratch);
  await clearFolder(folder.uploads);
  return { database, disk, record, reportProblem };
};
