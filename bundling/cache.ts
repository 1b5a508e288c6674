import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { type Input, inputSchema, sha256 } from "./inputs.ts";

const entrySchema = z.object({
  inputs: z.array(inputSchema),
  /** By name, the SHA-256 of what was made. */
  outputs: z.record(z.string(), z.string()),
});

/** What was made of some files. */
export interface CacheEntry {
  readonly inputs: readonly Input[];
  /** Bytes by file name. */
  readonly outputs: Readonly<Record<string, Buffer>>;
}

/** After this an entry that nobody made anew goes with the next that is written. */
const keptMs = 30 * 24 * 3600 * 1000;

/**
 * A folder of things made of files, which any number of programs may use at once: a file appears under its name only
 * when it is whole, and one that is damaged counts as missing.
 */
export const createCache = (directory: string) => {
  /** @throws Error that names the folder and how to choose another */
  const write = (name: string, bytes: string | Uint8Array): string => {
    const path = join(directory, name);
    const unfinished = `${path}.${randomUUID()}.part`;
    try {
      mkdirSync(directory, { recursive: true });
      try {
        writeFileSync(unfinished, bytes);
        renameSync(unfinished, path);
      } finally {
        rmSync(unfinished, { force: true });
      }
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(
        `The folder of bundles ${directory} cannot be written (${why}): name another in REELWAY_BUNDLES.`,
        { cause },
      );
    }
    return path;
  };
  const prune = () => {
    for (const name of readdirSync(directory)) {
      const path = join(directory, name);
      const found = statSync(path, { throwIfNoEntry: false });
      if (found !== undefined && Date.now() - found.mtimeMs > keptMs) rmSync(path, { force: true });
    }
  };
  const text = (entry: CacheEntry): string =>
    JSON.stringify({
      inputs: entry.inputs,
      outputs: Object.fromEntries(
        Object.entries(entry.outputs).map(([name, bytes]) => [name, sha256(bytes)]),
      ),
    });
  return {
    /** Writes a file at once, and answers its path. */
    write,
    /** Absent where there is no whole entry. */
    read(key: string): CacheEntry | undefined {
      try {
        const { inputs, outputs } = entrySchema.parse(
          JSON.parse(readFileSync(join(directory, `${key}.json`), "utf8")),
        );
        const read = Object.entries(outputs).map(([name, hash]) => {
          const bytes = readFileSync(join(directory, `${hash}.${name}`));
          if (sha256(bytes) !== hash) throw new Error(`${hash}.${name} is damaged`);
          return [name, bytes] as const;
        });
        return { inputs, outputs: Object.fromEntries(read) };
      } catch {
        return undefined;
      }
    },
    /** Keeps an entry, in place of an earlier one. */
    keep(key: string, entry: CacheEntry): void {
      for (const [name, bytes] of Object.entries(entry.outputs)) write(`${sha256(bytes)}.${name}`, bytes);
      // Last, since it says that the others are there.
      write(`${key}.json`, text(entry));
      prune();
    },
    /** Notes new times of the same files. */
    touch(key: string, entry: CacheEntry): void {
      write(`${key}.json`, text(entry));
    },
  };
};
