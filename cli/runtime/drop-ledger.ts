import type { Stats } from "node:fs";
import * as z from "zod";
import { writeAtomically } from "../../adapters/local/atomic-file.ts";
import { readJsonFile } from "../../adapters/local/json-file.ts";

const schema = z.record(z.string(), z.object({ bytes: z.number(), modified: z.number() }));

type Found = Pick<Stats, "size" | "mtimeMs">;

/** What was taken from the input folder already, by key, so that a restart does not take it again. */
export interface DropLedger {
  /** True for a file that was taken as it is now. */
  knows(key: string, file: Found): boolean;
  note(key: string, file: Found): void;
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
    knows(key, { size, mtimeMs }) {
      const entry = entries.get(key);
      return entry?.bytes === size && entry.modified === mtimeMs;
    },
    note(key, { size, mtimeMs }) {
      entries.set(key, { bytes: size, modified: mtimeMs });
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
