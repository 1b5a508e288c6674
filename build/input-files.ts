import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";

/**
 * What is remembered of a file that a bundle was made of: its path below the project's folder, and of its content
 * size in bytes, times in milliseconds and SHA-256. A file that was not there has the size -1: its coming is a change.
 */
export const inputSchema = z.object({
  path: z.string(),
  bytes: z.number(),
  modifiedMs: z.number(),
  changedMs: z.number(),
  sha256: z.string(),
});
export type Input = z.infer<typeof inputSchema>;
type FileStats = Pick<Input, "bytes" | "modifiedMs" | "changedMs">;

const missingFile: FileStats = { bytes: -1, modifiedMs: 0, changedMs: 0 };

export const sha256 = (bytes: string | Uint8Array): string =>
  createHash("sha256").update(bytes).digest("hex");

/** A file system's clock may run this much behind. */
const clockSkewMs = 20;

/** Whether none of the files was written since: one that was may not be what was read. */
export const areUnmodifiedSince = (inputs: readonly Input[], sinceMs: number): boolean =>
  inputs.every(({ modifiedMs, changedMs }) => Math.max(modifiedMs, changedMs) < sinceMs - clockSkewMs);

/** Looks at files, each of them once: functions share most of what they are made of. */
export const createInputReader = (root: string) => {
  const statsByPath = new Map<string, FileStats>();
  const readStats = (path: string): FileStats => {
    const cached = statsByPath.get(path);
    if (cached !== undefined) return cached;
    const stats = statSync(join(root, path), { throwIfNoEntry: false });
    const fileStats =
      stats === undefined
        ? missingFile
        : { bytes: stats.size, modifiedMs: stats.mtimeMs, changedMs: stats.ctimeMs };
    statsByPath.set(path, fileStats);
    return fileStats;
  };
  const hashFile = (path: string, fileStats: FileStats): string =>
    fileStats.bytes < 0 ? "" : sha256(readFileSync(join(root, path)));
  return {
    /** Remembers files as they are now. */
    fingerprint(paths: readonly string[]): Input[] {
      return paths.map((path) => {
        statsByPath.delete(path);
        const fileStats = readStats(path);
        return { path, ...fileStats, sha256: hashFile(path, fileStats) };
      });
    },
    /**
     * Compares files with what is remembered of them. Only those whose size or times differ are read: a checkout gives
     * files new times and the same content.
     *
     * @returns `same`, `moved` when only the times differ, `changed` otherwise
     */
    compare(inputs: readonly Input[]): "unchanged" | "touched" | "changed" {
      let isTouched = false;
      for (const input of inputs) {
        const fileStats = readStats(input.path);
        if (fileStats.modifiedMs === input.modifiedMs && fileStats.changedMs === input.changedMs) {
          if (fileStats.bytes === input.bytes) continue;
          return "changed";
        }
        if (fileStats.bytes !== input.bytes || hashFile(input.path, fileStats) !== input.sha256)
          return "changed";
        isTouched = true;
      }
      return isTouched ? "touched" : "unchanged";
    },
  };
};
export type InputReader = ReturnType<typeof createInputReader>;
