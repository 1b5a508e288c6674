import { opendir } from "node:fs/promises";
import { join } from "node:path";
import type { ObjectSummary } from "../../pipeline/ports/object-store.ts";
import {
  type BrokenRecordHandler,
  listVersionNumbers,
  readLatestVersion,
  readVersion,
} from "./object-folder.ts";
import { toObjectSummary } from "./object-version.ts";
import { getSystemErrorCode } from "./system-error.ts";

/** Number of key folders that are read concurrently. */
const readConcurrency = 16;

/** Folder of the versions of a key. */
interface KeyFolder {
  readonly key: string;
  readonly path: string;
}

/** Yields the folders of a bucket's keys, unordered. */
export async function* listKeyFolders(bucketFolder: string): AsyncGenerator<string> {
  try {
    for await (const { name } of await opendir(bucketFolder)) yield join(bucketFolder, name);
  } catch (cause) {
    if (getSystemErrorCode(cause) !== "ENOENT") throw cause;
  }
}

/**
 * Lists the folders of the keys under a prefix, ordered by key. Folder names are hashes, so all folders are read. Only
 * keys and paths are held in memory, not the records.
 */
export const listFoldersByKey = async (
  bucketFolder: string,
  prefix: string,
  onBroken: BrokenRecordHandler,
): Promise<readonly KeyFolder[]> => {
  const matches: KeyFolder[] = [];
  const readKeys = async (paths: readonly string[]): Promise<void> => {
    const folders = await Promise.all(
      paths.map(async (path) => ({ path, key: (await readLatestVersion(path, onBroken)).record?.key })),
    );
    for (const { key, path } of folders) if (key?.startsWith(prefix)) matches.push({ key, path });
  };
  let batch: string[] = [];
  for await (const path of listKeyFolders(bucketFolder)) {
    batch.push(path);
    if (batch.length < readConcurrency) continue;
    await readKeys(batch);
    batch = [];
  }
  await readKeys(batch);
  return matches.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
};

/** Reads the versions in a key's folder, newest first. Delete markers are omitted. */
export async function* readKeyVersions(
  folder: string,
  onBroken: BrokenRecordHandler,
): AsyncGenerator<ObjectSummary> {
  for (const [index, number] of (await listVersionNumbers(folder)).entries()) {
    const version = await readVersion(folder, number, onBroken);
    if (version !== undefined && !version.isDeleteMarker) yield toObjectSummary(version, index === 0);
  }
}
