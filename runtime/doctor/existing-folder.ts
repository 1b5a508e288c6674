import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** Returns the folder itself or its nearest existing parent, where it would be created. */
export const findExistingFolder = (path: string): string => {
  const folder = resolve(path);
  return existsSync(folder) || dirname(folder) === folder ? folder : findExistingFolder(dirname(folder));
};
