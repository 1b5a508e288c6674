import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { writeAtomically } from "../adapters/local/atomic-file.ts";
import { readJsonFile } from "../adapters/local/json-file.ts";
import type { FileIdentity } from "./settling.ts";

const entry = z.object({
  bytes: z.number(),
  modified: z.number(),
  /** Inode and its change time; absent from entries that an earlier version of this program wrote. */
  inode: z.number().optional(),
  changed: z.number().optional(),
  /** Of the content that was taken. */
  etag: z.string().optional(),
});
const schema = z.record(z.string(), entry);
type Entry = z.infer<typeof entry>;

/**
 * How a file compares with what was taken under its key: `taken`, as it is now; `unverified`, size and time are
 * those, but inode or change time differ, so that only the content tells; `new`.
 */
export type DropState = "taken" | "unverified" | "new";

/** What was taken from the input folder already, by key, so that a restart does not take it again. */
export interface DropLedger {
  has(key: string): boolean;
  compare(key: string, file: FileIdentity): DropState;
  /** The ETag of the content that was taken; undefined where it is not known. */
  etag(key: string): string | undefined;
  /** @param etag of the file's content, where it is known */
  note(key: string, file: FileIdentity, etag: string | undefined): void;
  /** A file that has gone: should it come back, it is another drop. */
  forget(key: string): void;
  /** Forgets all but these. */
  keepOnly(keys: ReadonlySet<string>): void;
  /** Writes what has changed since the last time. */
  save(): Promise<void>;
}

/** Reads the file of a ledger and checks its form. */
export const readDropLedger = (path: string) => readJsonFile(path, schema);

/**
 * Opens a ledger; a broken one counts as empty, for the objects themselves tell which file they were taken from.
 *
 * @param path of its file, which need not be there
 */
export const openDropLedger = async (path: string): Promise<DropLedger> => {
  const file = await readDropLedger(path);
  const entries = new Map(file.kind === "valid" ? Object.entries(file.value) : []);
  let changed = false;
  let saving: Promise<void> = Promise.resolve();
  const forget = (key: string): void => {
    if (entries.delete(key)) changed = true;
  };
  return {
    forget,
    has: (key) => entries.has(key),
    compare(key, file) {
      const known = entries.get(key);
      if (known?.bytes !== file.size || known.modified !== file.mtimeMs) return "new";
      if (known.inode === undefined || known.changed === undefined) return "taken";
      return known.inode === file.ino && known.changed === file.ctimeMs ? "taken" : "unverified";
    },
    etag: (key) => entries.get(key)?.etag,
    note(key, { size, mtimeMs, ino, ctimeMs }, etag) {
      const noted: Entry = {
        bytes: size,
        modified: mtimeMs,
        inode: ino,
        changed: ctimeMs,
        ...(etag === undefined ? {} : { etag }),
      };
      if (isDeepStrictEqual(entries.get(key), noted)) return;
      entries.set(key, noted);
      changed = true;
    },
    keepOnly(keys) {
      for (const key of entries.keys()) if (!keys.has(key)) forget(key);
    },
    save() {
      saving = saving
        .catch(() => undefined)
        .then(async () => {
          if (!changed) return;
          changed = false;
          try {
            await writeAtomically(path, JSON.stringify(Object.fromEntries(entries)));
          } catch (cause) {
            changed = true;
            throw cause;
          }
        });
      return saving;
    },
  };
};
