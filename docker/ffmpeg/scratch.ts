import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A dotfile, so that a plan which lists its folder can tell it apart. */
const pidFile = ".worker";

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "EPERM";
  }
};

/** Removes folders of workers that were killed; a folder without a readable number is another's, still being made. */
const sweep = async (scratch: string): Promise<void> => {
  for (const entry of await readdir(scratch, { withFileTypes: true })) {
    if (!entry.isDirectory() || !/^[\w-]+-\d+$/.test(entry.name)) continue;
    const folder = join(scratch, entry.name);
    const text = await readFile(join(folder, pidFile), "utf8").catch(() => "");
    const pid = Number(text);
    if (Number.isInteger(pid) && pid > 0 && pid !== process.pid && !alive(pid))
      await rm(folder, { recursive: true, force: true });
  }
};

/**
 * Makes the empty folder of one attempt, and clears what killed workers left beside it.
 *
 * @param scratch the scratch volume
 * @returns the folder's path; the caller removes it
 */
export const makeScratch = async (scratch: string, id: string, attempt: number): Promise<string> => {
  await mkdir(scratch, { recursive: true });
  await sweep(scratch);
  const folder = join(scratch, `${id}-${attempt}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, pidFile), String(process.pid));
  return folder;
};
