import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";

/**
 * An input file of a bundle: path relative to the project folder, size in bytes, times in milliseconds and SHA-256. A
 * missing file has size -1, so that its creation counts as a change.
 */
export const inputSchema = z.object({
  path: z.string(),
  bytes: z.number(),
  modifiedMs: z.number(),
  changedMs: z.number(),
  sha256: z.string(),
});
/** An input file of a bundle. */
export type Input = z.infer<typeof inputSchema>;
type FileStats = Pick<Input, "bytes" | "modifiedMs" | "changedMs">;

const missingFile: FileStats = { bytes: -1, modifiedMs: 0, changedMs: 0 };

/** Computes a SHA-256 in hexadecimal. */
export const sha256 = (bytes: string | Uint8Array): string =>
  createHash("sha256").update(bytes).digest("hex");

/** Maximum lag of a file system's clock, milliseconds. */
const clockSkewMs = 20;

/** Whether no file was modified since a time, so that the files are those that were read. */
export const areUnmodifiedSince = (inputs: readonly Input[], sinceMs: number): boolean =>
  inputs.every(({ modifiedMs, changedMs }) => Math.max(modifiedMs, changedMs) < sinceMs - clockSkewMs);

/** Creates a reader of input files that caches their stats, because functions share most files. */
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
    /** Reads the current size, times and hash of files. */
    fingerprint(paths: readonly string[]): Input[] {
      return paths.map((path) => {
        statsByPath.delete(path);
        const fileStats = readStats(path);
        return { path, ...fileStats, sha256: hashFile(path, fileStats) };
      });
    },
    /**
     * Compares files with their recorded state. Contents are only read if times differ, e.g. after a
     * checkout.
     *
     * @returns `touched` if only times differ
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
/** A reader of input files. */
export type InputReader = ReturnType<typeof createInputReader>;
