import { DatabaseFailure } from "../adapters/local/database-error.ts";
import { CommandFailed } from "../pipeline/errors/user-error.ts";
import { shellWord } from "../pipeline/text/format.ts";
import { type DataFolder, dataFolderFailure } from "./data-folder.ts";
import { folderInUse } from "./lock.ts";

/** The damaged database of a data folder, with the way out. */
export const damagedDatabase = (directory: string, cause: DatabaseFailure): CommandFailed =>
  new CommandFailed(
    `${cause.message} Uploads and outputs are separate files and are not affected. Run: npx reelway repair --data ${shellWord(directory)}`,
    { cause },
  );

/** What a person reads of a failure that ended a start; a failure without words of its own is passed on. */
export const startFailure = async (folder: DataFolder, cause: unknown): Promise<unknown> => {
  if (!(cause instanceof DatabaseFailure)) return dataFolderFailure(folder.root, cause) ?? cause;
  switch (cause.kind) {
    case "locked":
      return folderInUse(folder.lock, folder.root);
    case "damaged":
      return damagedDatabase(folder.root, cause);
    case "unreachable":
      return new CommandFailed(cause.message, { cause });
    case "unavailable":
      return new CommandFailed(
        `${cause.message} Check its permissions and the free space of its disk, or use another folder with --data DIR.`,
        { cause },
      );
  }
};
