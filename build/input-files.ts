import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";

/** An input file of a bundle: path relative to the project's folder, size in bytes, times in milliseconds. */
export const inputSchema = z.object({
  path: z.string(),
  bytes: z.number(),
  modifiedMs: z.number(),
  changedMs: z.number(),
});
/** An input file of a bundle. */
export type Input = z.infer<typeof inputSchema>;

/** Computes a SHA-256 in hexadecimal. */
export const sha256 = (bytes: string | Uint8Array): string =>
  createHash("sha256").update(bytes).digest("hex");

/** Maximum lag of a file system's clock, milliseconds. */
const clockSkewMs = 20;

/** Whether no file was modified since a time, so that the files are those that were read. */
export const areUnmodifiedSince = (inputs: readonly Input[], sinceMs: number): boolean =>
  inputs.every(({ modifiedMs, changedMs }) => Math.max(modifiedMs, changedMs) < sinceMs - clockSkewMs);

/** Reads the sizes and times of files. @throws Error for a missing file */
export const readInputs = (root: string, paths: readonly string[]): readonly Input[] =>
  paths.map((path) => {
    const { size, mtimeMs, ctimeMs } = statSync(join(root, path));
    return { path, bytes: size, modifiedMs: mtimeMs, changedMs: ctimeMs };
  });

/** Whether files have the recorded sizes and times. */
export const areUnchanged = (root: string, inputs: readonly Input[]): boolean =>
  inputs.every(({ path, bytes, modifiedMs, changedMs }) => {
    const stats = statSync(join(root, path), { throwIfNoEntry: false });
    return stats?.size === bytes && stats.mtimeMs === modifiedMs && stats.ctimeMs === changedMs;
  });
