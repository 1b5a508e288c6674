import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** The number, sizes and latest change of the files in a folder and below it: another text after every write. */
export const computeFolderFingerprint = async (folder: string): Promise<string> => {
  let [files, bytes, modifiedMs] = [0, 0, 0];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const stats = await stat(join(entry.parentPath, entry.name)).catch(() => undefined);
    if (stats === undefined) continue;
    files += 1;
    bytes += stats.size;
    modifiedMs = Math.max(modifiedMs, stats.mtimeMs);
  }
  return `${files} ${bytes} ${modifiedMs}`;
};
