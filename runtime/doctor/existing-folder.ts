import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** The folder itself, or the nearest one above it that exists: where it would be created. */
export const findExistingFolder = (path: string): string => {
  const folder = resolve(path);
  return existsSync(folder) || dirname(folder) === folder ? folder : findExistingFolder(dirname(folder));
};
