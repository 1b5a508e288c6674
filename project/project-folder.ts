import { mkdir, readFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { createAtomically, writeAtomically } from "../adapters/local/atomic-file.ts";
import { describeSystemError, getSystemErrorCode } from "../adapters/local/system-error.ts";
import { packageDirectory } from "../build/package-directory.ts";
import { CommandError, formatError, UsageError } from "../pipeline/errors/errors.ts";
import { type ExistingFiles, type PlannedFile, projectPaths } from "./plan-files.ts";

/**
 * Refuses a folder of installed packages and the folder of Reelway itself.
 *
 * @param directory absolute, without symbolic links
 * @throws UsageError
 */
export const assertProjectFolder = (directory: string): void => {
  if (directory.split(sep).includes("node_modules"))
    throw new UsageError(
      `${directory} is in a folder of installed packages. Run init in a folder of your own.`,
    );
  if (relative(packageDirectory, directory).split(sep)[0] !== "..")
    throw new UsageError(`${directory} is in Reelway's own folder. Run init in a folder of your own.`);
};

const throwFileError = (path: string, failure: string, cause: unknown): never => {
  throw new CommandError(`${path} ${failure}: ${describeSystemError(cause) ?? formatError(cause)}`, {
    cause,
  });
};

/** Reads the project's files that exist. @throws CommandError with the path */
export const readProjectFiles = async (directory: string): Promise<ExistingFiles> => {
  const files: Partial<Record<string, string>> = {};
  for (const name of projectPaths) {
    const path = join(directory, name);
    try {
      files[name] = await readFile(path, "utf8");
    } catch (cause) {
      if (getSystemErrorCode(cause) !== "ENOENT") throwFileError(path, "cannot be read", cause);
    }
  }
  return files;
};

/** Writes the files that are new or updated. @throws CommandError with the path; the files before it are written */
export const writeProjectFiles = async (directory: string, files: readonly PlannedFile[]): Promise<void> => {
  for (const { path: name, status, content } of files) {
    if (status !== "created" && status !== "updated") continue;
    const path = join(directory, name);
    try {
      await mkdir(dirname(path), { recursive: true });
      if (status === "updated") await writeAtomically(path, content);
      else if (!(await createAtomically(path, content))) throw new Error("another program has created it");
    } catch (cause) {
      throwFileError(path, "cannot be written", cause);
    }
  }
};
