import { type LocalDatabase, openDatabase } from "../adapters/local/database.ts";
import { killOrphanedTasks } from "../adapters/local/orphaned-tasks.ts";
import type { CommandError } from "../pipeline/errors/errors.ts";
import type { Logger } from "../pipeline/ports/logger.ts";
import type { CleanupStack } from "./cleanup-stack.ts";
import { createProblemReporter, type DataFileProblem, prepareDataFiles } from "./data-files.ts";
import type { DataFolder } from "./data-folder.ts";
import { type DiskWatch, startDiskWatch } from "./disk-watch.ts";
import { createDatabaseNotices, createDiskNotices } from "./notices.ts";
import { clearFolder } from "./recovery.ts";
import { type RuntimeRecordFile, writeRuntimeRecord } from "./runtime-record.ts";

/** A data folder that is locked by this process. */
export interface OpenedDataFolder {
  readonly database: LocalDatabase;
  readonly disk: DiskWatch;
  readonly record: RuntimeRecordFile;
  readonly reportProblem: (problem: DataFileProblem) => void;
}
interface OpenDataFolderOptions {
  readonly cleanup: CleanupStack;
  readonly log: Logger;
  /** Prints a line on the terminal. */
  readonly notify: (line: string) => void;
  /** Called with the error that ends the runtime. */
  readonly fail: (failure: CommandError) => void;
}

/**
 * Locks a data folder by opening its database, then ends the tasks of a killed runtime and removes their files.
 *
 * @throws DatabaseFailure; CommandError for a broken file that the runtime requires
 */
export const openDataFolder = async (
  folder: DataFolder,
  { cleanup, log, notify, fail }: OpenDataFolderOptions,
): Promise<OpenedDataFolder> => {
  const database = await openDatabase({
    directory: folder.database,
    ...createDatabaseNotices(folder.root, { notify, log, fail }),
  });
  cleanup.add(() => database.close());
  const record = await writeRuntimeRecord(folder.runtimeRecord);
  cleanup.add(() => record.remove());
  const disk = await startDiskWatch({
    directory: folder.root,
    ...createDiskNotices(folder.root, { notify, log }),
  });
  cleanup.add(() => disk.close());
  const reportProblem = createProblemReporter(log, notify);
  await prepareDataFiles(folder, reportProblem);
  await killOrphanedTasks(folder.tasks);
  await clearFolder(folder.scratch);
  await clearFolder(folder.uploadStaging);
  return { database, disk, record, reportProblem };
};
