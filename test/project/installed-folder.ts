import { mkdir, mkdtemp, realpath, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageDirectory } from "../../build/package-directory.ts";

/**
 * Makes a temporary folder in which this package is installed.
 *
 * @param name of the folder, in a folder of its own
 * @returns the path without symbolic links, and the folder to remove
 */
export const makeInstalledFolder = async (name: string) => {
  const parent = await realpath(await mkdtemp(join(tmpdir(), "reelway-init-")));
  const folder = join(parent, name);
  await mkdir(join(folder, "node_modules"), { recursive: true });
  await symlink(packageDirectory, join(folder, "node_modules", "reelway"));
  return { parent, folder };
};
