import { randomUUID } from "node:crypto";
import { renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * Replaces a file atomically. Without fsync, because bundles can be rebuilt and cached ones are verified by
 * hash.
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
