import { randomUUID } from "node:crypto";
import { link, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { getSystemErrorCode } from "./system-error.ts";

/** How a file is written. */
export interface AtomicWriteOptions {
  /** Permission bits. @default 0o644 */
  readonly mode?: number;
  /**
   * Whether the file outlives a power failure, at the price of two fsync calls. Without it, a killed process leaves
   * the old file or the new one all the same, but a power failure may leave an empty one: for what is made again.
   *
   * @default true
   */
  readonly durable?: boolean;
  /** Folder of the temporary file, on the same file system. @default the file's own */
  readonly temporaryFolder?: string;
}

/** How a file system says that it does not sync files, or folders, at all: Windows and some network mounts. */
const unsupportedSyncCodes = new Set(["EINVAL", "EPERM", "EISDIR", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

/**
 * Puts what is written to a file, or the names in a folder, onto the disk.
 *
 * @throws the system's error, e.g. ENOSPC, which some file systems report only now
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

/** Writes a temporary file, has it put in place, and removes it whatever happens. */
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

/** Writes a file so that a reader, or a crash, sees the old content or the new, never a part. */
export const writeAtomically = (
  path: string,
  content: string | Uint8Array,
  options: AtomicWriteOptions = {},
): Promise<void> => writeThenPlace(path, content, options, (temporary) => rename(temporary, path));

/**
 * Creates a file with its whole content. Of two processes that create it at once, one does; the other finds it.
 *
 * @returns false where the file exists already, and is left as it is
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

/** A temporary file older than this belongs to no writer that is still at work. */
const minAbandonedAgeMs = 60_000;

/** Removes the temporary files that killed writers left in a folder; does nothing where there is no folder. */
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
