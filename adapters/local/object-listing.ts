import { opendir } from "node:fs/promises";
import { join } from "node:path";
import { latestVersion, type OnBrokenRecord } from "./object-folder.ts";
import { systemCode } from "./system-code.ts";

/** A bucket's folders are looked into so many at once. */
const breadth = 16;

/** The folders of a bucket's keys, in no order. */
export async function* keyFolders(bucketFolder: string): AsyncGenerator<string> {
  try {
    for await (const { name } of await opendir(bucketFolder)) yield join(bucketFolder, name);
  } catch (cause) {
    if (systemCode(cause) !== "ENOENT") throw cause;
  }
}

/**
 * The folders of the keys under a prefix, by key. Folders are named by hashes, so all have to be looked into; names
 * alone are held meanwhile, not what is known of the objects.
 */
export const foldersByKey = async (
  bucketFolder: string,
  prefix: string,
  onBroken: OnBrokenRecord,
): Promise<readonly string[]> => {
  const found: { readonly key: string; readonly path: string }[] = [];
  const look = async (paths: readonly string[]): Promise<void> => {
    const looked = await Promise.all(
      paths.map(async (path) => ({ path, key: (await latestVersion(path, onBroken)).record?.key })),
    );
    for (const { key, path } of looked) if (key?.startsWith(prefix)) found.push({ key, path });
  };
  let waiting: string[] = [];
  for await (const path of keyFolders(bucketFolder)) {
    waiting.push(path);
    if (waiting.length < breadth) continue;
    await look(waiting);
    waiting = [];
  }
  await look(waiting);
  return found.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ path }) => path);
};
