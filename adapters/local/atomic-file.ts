import { randomUUID } from "node:crypto";
import { link, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { getSystemErrorCode } from "./system-error.ts";

/** Options for writing a file. */
export interface AtomicWriteOptions {
  /** Permission bits. @default 0o644 */
  readonly mode?: number;
  /**
   * Whether the file survives a power failure, which costs two fsync calls. Without it, a power failure may leave an
   * empty file, but a killed process still leaves the old file or the new one. Use false for files that can be
   * recreated.
   *
   * @default true
   */
  readonly durable?: boolean;
  /** Folder of the temporary file, on the same file system. @default the folder of the file */
  readonly temporaryFolder?: string;
}

/** Errors of file systems that do not support syncing files or folders: Windows and some network mounts. */
const unsupportedSyncCodes = new Set(["EINVAL", "EPERM", "EISDIR", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

/**
 * Flushes a file's content, or the names in a folder, to the disk.
 *
 * @throws the system error, e.g. ENOSPC, which some file systems report only here
 */
export const syncPath = async (path: string): Promise<void> => {
  try {
    const handle = await open(path, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (!unsupportedSyncCodes.has(getSystemErrorCode(cause) ?? "")) throw cause;
  }
};

const temporaryNamePattern = /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part$/;

/** Writes a temporary file, calls `place`, and always removes the temporary file. */
const writeThenPlace = async (
  path: string,
  content: string | Uint8Array,
  { mode = 0o644, durable = true, temporaryFolder = dirname(path) }: AtomicWriteOptions,
  place: (temporary: string) => Promise<void>,
): Promise<void> => {
  const temporaryPath = join(temporaryFolder, `${basename(path)}.${randomUUID()}.part`);
  try {
    const handle = await open(temporaryPath, "wx", mode);
    try {
      await handle.writeFile(content);
      if (durable) await handle.sync();
    } finally {
      await handle.close();
    }
    await place(temporaryPath);
    if (durable) await syncPath(dirname(path));
  } finally {
    await rm(temporaryPath, { force: true });
  }
};

/** Writes a file so that readers, even after a crash, see either the old content or the new. */
export const writeAtomically = (
  path: string,
  content: string | Uint8Array,
  options: AtomicWriteOptions = {},
): Promise<void> => writeThenPlace(path, content, options, (temporary) => rename(temporary, path));

/**
 * Creates a file with its whole content. If two processes create it at the same time, only one succeeds.
 *
 * @returns false if the file exists; it is unchanged
 */
export const createAtomically = async (
  path: string,
  content: string | Uint8Array,
  options: AtomicWriteOptions = {},
): Promise<boolean> => {
  try {
    await writeThenPlace(path, content, options, (temporary) => link(temporary, path));
    return true;
  } catch (cause) {
    if (getSystemErrorCode(cause) === "EEXIST") return false;
    throw cause;
  }
};

/** A temporary file older than this has no active writer. */
const minAbandonedAgeMs = 60_000;

/** Removes the temporary files of killed writers in a folder. Does nothing if the folder does not exist. */
export const removeAbandonedFiles = async (directory: string): Promise<void> => {
  const names = await readdir(directory).catch((cause: unknown) => {
    if (getSystemErrorCode(cause) === "ENOENT") return [];
    throw cause;
  });
  for (const name of names) {
    if (!temporaryNamePattern.test(name)) continue;
    const path = join(directory, name);
    const stats = await stat(path).catch(() => undefined);
    if (stats !== undefined && Date.now() - stats.mtimeMs > minAbandonedAgeMs)
      await rm(path, { force: true });
  }
};
