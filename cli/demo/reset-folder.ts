import { rm } from "node:fs/promises";
import { isDatabaseLocked } from "../../adapters/local/dynalite-store.ts";
import { CommandError } from "../../pipeline/errors/errors.ts";
import { resolveDataFolder } from "../../runtime/data-folder.ts";

/** Empties the data folder of a demo. @throws CommandError if another demo uses it */
export const resetFolder = async (root: string): Promise<void> => {
  if (await isDatabaseLocked(resolveDataFolder(root).database))
    throw new CommandError(`Another demo is running in ${root}. Wait until it ends.`);
  await rm(root, { recursive: true, force: true });
};
