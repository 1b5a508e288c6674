import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Combines the number, total size and latest modification of the files under a folder. It changes with every write. */
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
