import { randomUUID } from "node:crypto";
import { renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * Writes a file so that a reader, or a kill, sees the old content or the new, never a part. No fsync: bundles are made
 * again from their sources, and whoever reads a kept one compares its hash.
 */
export const replaceFile = (path: string, bytes: string | Uint8Array): void => {
  const temporaryPath = `${path}.${randomUUID()}.part`;
  try {
    writeFileSync(temporaryPath, bytes);
    renameSync(temporaryPath, path);
  } finally {
    rmSync(temporaryPath, { force: true });
  }
};
