import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { type Input, inputSchema, sha256 } from "./input-files.ts";
import { replaceFile } from "./replace-file.ts";

const entrySchema = z.object({
  inputs: z.array(inputSchema),
  /** SHA-256 of each output, by name. */
  outputs: z.record(z.string(), z.string()),
});

/** Outputs with the input files they were built from. */
export interface CacheEntry {
  readonly inputs: readonly Input[];
  /** Bytes by file name. */
  readonly outputs: Readonly<Record<string, Buffer>>;
}

/** Returns the folder for compiled modules and function packages of a project: REELWAY_BUNDLES, else `.reelway/bundles`. */
export const getBundleDirectory = (projectDirectory: string): string =>
  process.env.REELWAY_BUNDLES || join(projectDirectory, ".reelway", "bundles");

const dayMs = 24 * 3600 * 1000;

/**
 * A folder of build outputs that several processes can use concurrently. Files are written atomically, and a damaged file
 * counts as missing.
 */
export const createCache = (directory: string) => {
  /** @throws Error with the folder */
  const write = (name: string, bytes: string | Uint8Array): string => {
    const path = join(directory, name);
    try {
      mkdirSync(directory, { recursive: true });
      replaceFile(path, bytes);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`The bundle folder ${directory} is not writable: ${reason}`, { cause });
    }
    return path;
  };
  const readEntry = (key: string): z.infer<typeof entrySchema> | undefined => {
    try {
      return entrySchema.parse(JSON.parse(readFileSync(join(directory, `${key}.json`), "utf8")));
    } catch {
      return undefined;
    }
  };
  const writeOutputs = (outputs: CacheEntry["outputs"]): void => {
    for (const [name, bytes] of Object.entries(outputs)) write(`${sha256(bytes)}.${name}`, bytes);
  };
  /** Removes files older than a new file by `olderThanMs`; compares file times only, because clocks can differ. */
  const removeOlderThan = (newestPath: string, olderThanMs: number, suffix = ""): void => {
    const nowMs = statSync(newestPath).mtimeMs;
    for (const name of readdirSync(directory)) {
      if (!name.endsWith(suffix)) continue;
      const path = join(directory, name);
      const stats = statSync(path, { throwIfNoEntry: false });
      if (stats !== undefined && nowMs - stats.mtimeMs > olderThanMs) rmSync(path, { force: true });
    }
  };
  return {
    /** Writes a file and returns its path. */
    write,
    writeOutputs,
    sweep: removeOlderThan,
    /** Reads an entry; undefined if missing or damaged. */
    read(key: string): CacheEntry | undefined {
      const entry = readEntry(key);
      if (entry === undefined) return undefined;
      try {
        const outputs = Object.entries(entry.outputs).map(([name, hash]) => {
          const bytes = readFileSync(join(directory, `${hash}.${name}`));
          if (sha256(bytes) !== hash) throw new Error(`${hash}.${name} is damaged.`);
          return [name, bytes] as const;
        });
        return { inputs: entry.inputs, outputs: Object.fromEntries(outputs) };
      } catch {
        return undefined;
      }
    },
    /** Saves an entry and removes the files of the one it replaces. */
    save(key: string, { inputs, outputs }: CacheEntry): void {
      const previous = readEntry(key);
      writeOutputs(outputs);
      const hashes = Object.fromEntries(
        Object.entries(outputs).map(([name, bytes]) => [name, sha256(bytes)]),
      );
      // Written last, because it refers to the other files.
      const entry = write(`${key}.json`, JSON.stringify({ inputs, outputs: hashes }));
      for (const [name, hash] of Object.entries(previous?.outputs ?? {}))
        if (hashes[name] !== hash) rmSync(join(directory, `${hash}.${name}`), { force: true });
      removeOlderThan(entry, 30 * dayMs);
    },
  };
};
