import { isDeepStrictEqual } from "node:util";
import pLimit from "p-limit";
import * as z from "zod";
import { writeAtomically } from "../adapters/local/atomic-file.ts";
import { readJsonFile } from "../adapters/local/json-file.ts";
import type { FileIdentity } from "./stability-watcher.ts";

const entrySchema = z.object({
  bytes: z.number(),
  modifiedMs: z.number(),
  inode: z.number(),
  /** Change time of the inode. */
  changedMs: z.number(),
  /** ETag of the imported content. */
  etag: z.string().optional(),
});
const importIndexSchema = z.record(z.string(), entrySchema);
type ImportEntry = z.infer<typeof entrySchema>;

/**
 * How a file compares with the last import of its key: `imported`, it is unchanged; `unverified`, only its inode or the
 * inode's change time differ, so its content must be compared; `new`, it must be imported.
 */
export type ImportState = "imported" | "unverified" | "new";

/** The files imported from the input folder, by key, so that a restart does not import them again. */
export interface ImportIndex {
  has(key: string): boolean;
  compare(key: string, file: FileIdentity): ImportState;
  /** Returns the ETag of the imported content; undefined if unknown. */
  getEtag(key: string): string | undefined;
  /** @param etag of the file's content, if known */
  record(key: string, file: FileIdentity, etag: string | undefined): void;
  /** Removes a deleted file; if it comes back, it is imported again. */
  remove(key: string): void;
  /** Removes all other keys. */
  retainOnly(keys: ReadonlySet<string>): void;
  /** Writes the index if it has changed since the last save. */
  save(): Promise<void>;
}

/** Reads the file of an import index and validates it. */
export const readImportIndex = (path: string) => readJsonFile(path, importIndexSchema);

/**
 * Opens an import index. A broken file counts as empty, because the metadata of the objects names the imported files.
 *
 * @param path of its file, which may be missing
 */
export const openImportIndex = async (path: string): Promise<ImportIndex> => {
  const file = await readImportIndex(path);
  const entries = new Map(file.kind === "valid" ? Object.entries(file.value) : []);
  let hasChanged = false;
  const limit = pLimit(1);
  const remove = (key: string): void => {
    if (entries.delete(key)) hasChanged = true;
  };
  return {
    remove,
    has: (key) => entries.has(key),
    compare(key, file) {
      const existing = entries.get(key);
      if (existing?.bytes !== file.size || existing.modifiedMs !== file.mtimeMs) return "new";

      return existing.inode === file.ino && existing.changedMs === file.ctimeMs ? "imported" : "unverified";
    },
    getEtag: (key) => entries.get(key)?.etag,
    record(key, { size, mtimeMs, ino, ctimeMs }, etag) {
      const updated: ImportEntry = {
        bytes: size,
        modifiedMs: mtimeMs,
        inode: ino,
        changedMs: ctimeMs,
        ...(etag === undefined ? {} : { etag }),
      };
      if (isDeepStrictEqual(entries.get(key), updated)) return;
      entries.set(key, updated);
      hasChanged = true;
    },
    retainOnly(keys) {
      for (const key of entries.keys()) if (!keys.has(key)) remove(key);
    },
    save: () =>
      limit(async () => {
        if (!hasChanged) return;
        hasChanged = false;
        try {
          await writeAtomically(path, JSON.stringify(Object.fromEntries(entries)));
        } catch (cause) {
          hasChanged = true;
          throw cause;
        }
      }),
  };
};
