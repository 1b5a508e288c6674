import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { bytesPath, readVersion, versionNumbers } from "./object-folder.ts";
import { keyFolders } from "./object-listing.ts";
import { systemCode } from "./system-code.ts";

/** A version of an object that cannot be used: `reason` completes "FILE …". */
export interface BrokenVersion {
  readonly path: string;
  readonly reason: string;
}

const bucketNames = async (directory: string): Promise<readonly string[]> => {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .map(({ name }) => name);
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return [];
    throw cause;
  }
};

/** Reads every version's record, and compares the size of its bytes. Takes about a second for 10,000 objects. */
export async function* findBrokenVersions(directory: string): AsyncGenerator<BrokenVersion> {
  for (const bucket of await bucketNames(directory))
    for await (const folder of keyFolders(join(directory, bucket)))
      for (const number of await versionNumbers(folder)) {
        const broken: BrokenVersion[] = [];
        const record = await readVersion(folder, number, (path, reason) => broken.push({ path, reason }));
        yield* broken;
        if (record === undefined || record.removed) continue;
        const path = bytesPath(folder, number);
        const size = (await stat(path).catch(() => undefined))?.size;
        if (size !== record.bytes)
          yield {
            path,
            reason:
              size === undefined
                ? `is missing: it is the content of ${record.key}`
                : `has ${size} bytes instead of ${record.bytes}: it is the content of ${record.key}`,
          };
      }
}
