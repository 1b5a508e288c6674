import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** The number, sizes and latest change of the files in a folder and below it: another text after every write. */
export const folderStamp = async (folder: string): Promise<string> => {
  let [files, bytes, changedMs] = [0, 0, 0];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const found = await stat(join(entry.parentPath, entry.name)).catch(() => undefined);
    if (found === undefined) continue;
    files += 1;
    bytes += found.size;
    changedMs = Math.max(changedMs, found.mtimeMs);
  }
  return `${files} ${bytes} ${changedMs}`;
};
