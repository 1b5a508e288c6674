import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { workerDirectory } from "../../build/package-directory.ts";

/** The build context of an image. */
export interface BuildContext {
  /** Absolute path of the folder with `Dockerfile` and the files it copies. */
  readonly directory: string;
  /** File names, relative to the folder. */
  readonly files: readonly string[];
}

/**
 * Computes the SHA-256 (64 hexadecimal characters) of all files in the order of their names: for each its name, a line
 * feed, its length in bytes in decimal, a line feed, and its bytes.
 */
export const hashContext = async ({ directory, files }: BuildContext): Promise<string> => {
  const hash = createHash("sha256");
  for (const name of [...files].sort()) {
    const bytes = await readFile(join(directory, name));
    hash.update(`${name}\n${bytes.length}\n`).update(bytes);
  }
  return hash.digest("hex");
};

/**
 * The build context of the worker's image: Dockerfile, compiled programs, and the lock file of the packages that are not
 * bundled. They are the same on every machine with the packages of package-lock.json.
 */
export const workerContext: BuildContext = {
  directory: workerDirectory,
  files: [
    "Dockerfile",
    "image.cjs",
    "image.cjs.map",
    "package-lock.json",
    "package.json",
    "watcher.cjs",
    "watcher.cjs.map",
    "worker.cjs",
    "worker.cjs.map",
  ],
};
