import { DatabaseFailure } from "../adapters/local/database-error.ts";
import { CommandError } from "../pipeline/errors/errors.ts";
import { quoteShellArgument } from "../pipeline/text/format.ts";
import { type DataFolder, toDataFolderError } from "./data-folder.ts";
import { createFolderInUseError } from "./runtime-record.ts";

/** Creates the error for a damaged database, with the repair command. */
export const createDamagedDatabaseError = (directory: string, cause: DatabaseFailure): CommandError =>
  new CommandError(
    `${cause.message} Uploads and outputs are separate files and are not affected. Run: npx reelway repair --data ${quoteShellArgument(directory)}`,
    { cause },
  );

/** Converts a failure of a start to a CommandError with a next step; returns other errors unchanged. */
export const toStartError = async (folder: DataFolder, cause: unknown): Promise<unknown> => {
  if (!(cause instanceof DatabaseFailure)) return toDataFolderError(folder.root, cause) ?? cause;
  switch (cause.kind) {
    case "locked":
      return createFolderInUseError(folder.runtimeRecord, folder.root);
    case "damaged":
      return createDamagedDatabaseError(folder.root, cause);
    case "unreachable":
      return cause;
    case "unavailable":
      return new CommandError(
        `${cause.message} Check its permissions and the free space of its disk, or use another folder with --data DIR.`,
        { cause },
      );
  }
};
