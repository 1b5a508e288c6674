import { createHash } from "node:crypto";
import { lstat, mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSocketFailure } from "./database-error.ts";
import { getSystemErrorCode } from "./system-error.ts";

/** Maximum length of a Unix socket's path: 108 bytes with the final zero on Linux, 104 on macOS (unix(7), unix(4)). */
const maxPathBytes = 103;

/** True if a folder belongs to this user and no other user has access. */
const isPrivateFolder = async (path: string): Promise<boolean> => {
  const stats = await lstat(path);
  return stats.isDirectory() && stats.uid === process.getuid?.() && (stats.mode & 0o077) === 0;
};

/**
 * Creates a folder with mode 0700 and replaces one left by a killed process; undefined if another user owns the name.
 */
const createPrivateFolder = async (path: string): Promise<string | undefined> => {
  for (let tries = 0; tries < 2; tries += 1) {
    try {
      await mkdir(path, { mode: 0o700 });
      return path;
    } catch (cause) {
      if (getSystemErrorCode(cause) !== "EEXIST") throw cause;
    }
    if (!(await isPrivateFolder(path))) return undefined;
    await rm(path, { recursive: true, force: true });
  }
  return undefined;
};

const isPathShortEnough = (folder: string): boolean =>
  Buffer.byteLength(join(folder, "reelway-0123456789abcdef", "database.sock")) <= maxPathBytes;

const createFolderIn = async (base: string, dataDirectory: string | undefined): Promise<string> => {
  const namedFolder =
    dataDirectory === undefined
      ? undefined
      : await createPrivateFolder(
          join(
            base,
            `reelway-${createHash("sha256")
              .update(await realpath(dataDirectory))
              .digest("hex")
              .slice(0, 16)}`,
          ),
        );
  return namedFolder ?? mkdtemp(join(base, "reelway-"));
};

/**
 * Creates an empty folder with mode 0700 for a Unix socket, with a path that is short enough.
 *
 * @param dataDirectory data folder that the caller has locked. It determines the name, so that killed processes leave
 * at most one folder; absent: a random name
 * @returns the folder's path; the caller deletes it
 * @throws DatabaseFailure `unreachable`
 */
export const createSocketFolder = async (dataDirectory?: string): Promise<string> => {
  const base = isPathShortEnough(tmpdir()) ? tmpdir() : "/tmp";
  try {
    return await createFolderIn(base, dataDirectory);
  } catch (cause) {
    throw buildSocketFailure(base, cause);
  }
};
