import { createHash } from "node:crypto";
import { lstat, mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSocketFailure } from "./database-error.ts";
import { getSystemErrorCode } from "./system-error.ts";

/** Bytes of a Unix socket's path: 108 with the final zero on Linux, 104 on macOS (unix(7), unix(4)). */
const maxPathBytes = 103;

/** True for a folder of this user that no other user may enter. */
const isPrivateFolder = async (path: string): Promise<boolean> => {
  const stats = await lstat(path);
  return stats.isDirectory() && stats.uid === process.getuid?.() && (stats.mode & 0o077) === 0;
};

/** Makes the folder of mode 0700, in place of one that a killed process left; undefined where the name is another's. */
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
 * Makes an empty folder of mode 0700 for a Unix socket, short enough for a socket's path.
 *
 * @param dataDirectory folder that the caller has locked: it always gets the same name, so that a killed process leaves one
 * folder at most; absent: any name
 * @returns the folder's path; the caller removes it
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
