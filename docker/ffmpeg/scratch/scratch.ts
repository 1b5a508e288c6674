import { chmod, chown, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { getMediaUser } from "../programs/media-user.ts";

/** A dotfile, so that a plan can distinguish it from its own files. */
const pidFile = ".worker";

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "EPERM";
  }
};

/** Age after which a folder without a process id counts as abandoned, not as being created. */
const creationGraceMs = 60_000;

/** True if a folder belongs to a killed worker, even one that was killed before it wrote its process id. */
const isAbandoned = async (folder: string): Promise<boolean> => {
  const pid = Number(await readFile(join(folder, pidFile), "utf8").catch(() => ""));
  if (Number.isInteger(pid) && pid > 0) return pid !== process.pid && !isAlive(pid);
  const stats = await stat(folder).catch(() => undefined);
  return stats !== undefined && Date.now() - stats.mtimeMs > creationGraceMs;
};

/** Deletes the folders of killed workers. */
const removeAbandonedFolders = async (scratch: string): Promise<void> => {
  for (const entry of await readdir(scratch, { withFileTypes: true })) {
    if (!entry.isDirectory() || !/^[\w-]+-\d+$/.test(entry.name)) continue;
    const folder = join(scratch, entry.name);
    if (await isAbandoned(folder)) await rm(folder, { recursive: true, force: true });
  }
};

/**
 * Creates a folder that only this user can use, or only this user and the media user. Files in the latter have the media
 * user's group, so that each can read, replace and delete what the other writes.
 */
const createPrivateFolder = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const user = getMediaUser();
  if (user === undefined) return;
  await chown(folder, -1, user.gid);
  await chmod(folder, 0o2770);
};

/**
 * Creates the empty folder of an attempt and deletes folders of killed workers.
 *
 * @param scratch the scratch volume
 * @returns the folder's path; the caller deletes it
 */
export const createScratchFolder = async (scratch: string, id: string, attempt: number): Promise<string> => {
  await mkdir(scratch, { recursive: true });
  await removeAbandonedFolders(scratch);
  const folder = join(scratch, `${id}-${attempt}`);
  await rm(folder, { recursive: true, force: true });
  try {
    await createPrivateFolder(folder);
    await writeFile(join(folder, pidFile), String(process.pid));
  } catch (cause) {
    await rm(folder, { recursive: true, force: true });
    throw cause;
  }
  return folder;
};
