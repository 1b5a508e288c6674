import { isDeepStrictEqual } from "node:util";
import pLimit from "p-limit";
import * as z from "zod";
import { writeAtomically } from "../adapters/local/atomic-file.ts";
import { readJsonFile } from "../adapters/local/json-file.ts";
import type { FileIdentity } from "./stability-watcher.ts";

const entrySchema = z.object({
  bytes: z.number(),
  modifiedMs: z.number(),
  /** Inode and its change time; absent from entries that an earlier version of this program wrote. */
  inode: z.number().optional(),
  changedMs: z.number().optional(),
  /** Of the content that was taken. */
  etag: z.string().optional(),
});
const importIndexSchema = z.record(z.string(), entrySchema);
type ImportEntry = z.infer<typeof entrySchema>;

/**
 * How a file compares with what was taken under its key: `taken`, as it is now; `unverified`, size and time are
 * those, but inode or change time differ, so that only the content tells; `new`.
 */
export type ImportState = "imported" | "unverified" | "new";

/** What was taken from the input folder already, by key, so that a restart does not take it again. */
export interface ImportIndex {
  has(key: string): boolean;
  compare(key: string, file: FileIdentity): ImportState;
  /** The ETag of the content that was taken; undefined where it is not known. */
  getEtag(key: string): string | undefined;
  /** @param etag of the file's content, where it is known */
  record(key: string, file: FileIdentity, etag: string | undefined): void;
  /** A file that has gone: should it come back, it is another drop. */
  remove(key: string): void;
  /** Forgets all but these. */
  retainOnly(keys: ReadonlySet<string>): void;
  /** Writes what has changed since the last time. */
  save(): Promise<void>;
}

/** Reads the file of a ledger and checks its form. */
export const readImportIndex = (path: string) => readJsonFile(path, importIndexSchema);

/**
 * Opens a ledger; a broken one counts as empty, for the objects themselves tell which file they were taken from.
 *
 * @param path of its file, which need not be there
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
      if (existing.inode === undefined || existing.changedMs === undefined) return "imported";
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
