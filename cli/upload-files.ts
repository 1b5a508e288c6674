import { access, constants, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { getSystemErrorCode } from "../adapters/local/system-error.ts";
import { UsageError } from "../pipeline/errors/errors.ts";
import { toPrintable } from "../pipeline/text/format.ts";
import { listKeyFaults } from "../pipeline/uploads/upload-key.ts";
import type { UploadFile } from "../runtime/upload-file.ts";

const resolveUploadFile = async (name: string, prefix: string): Promise<UploadFile> => {
  const path = resolve(name);
  const stats = await stat(path).catch((cause: unknown) => {
    if (getSystemErrorCode(cause) === "ENOENT") throw new UsageError(`File ${name} does not exist.`);
    throw new UsageError(`${name} cannot be read: ${getSystemErrorCode(cause) ?? String(cause)}.`);
  });
  if (stats.isDirectory()) throw new UsageError(`${name} is a folder. Pass the files in it.`);
  if (!stats.isFile()) throw new UsageError(`${name} is not a file.`);
  await access(path, constants.R_OK).catch((cause: unknown) => {
    throw new UsageError(`${name} cannot be read: ${getSystemErrorCode(cause) ?? String(cause)}.`);
  });
  const key = `${prefix}${basename(path)}`;
  const [fault] = listKeyFaults(basename(path), prefix, key);
  if (fault !== undefined)
    throw new UsageError(
      fault.parameter === "filename"
        ? `The name of ${toPrintable(name)} is not valid. ${fault.detail} Rename the file.`
        : `The prefix ${toPrintable(prefix)} is not valid. ${fault.detail} Choose another one.`,
    );
  return { path, key, bytes: stats.size };
};

/**
 * Checks the files to upload before the first one is sent. Key = prefix + file name.
 *
 * @throws UsageError for a file that cannot be read, has no valid key, or gets the same key as another
 */
export const resolveUploadFiles = async (
  names: readonly string[],
  prefix: string,
): Promise<readonly UploadFile[]> => {
  const files = await Promise.all(names.map((name) => resolveUploadFile(name, prefix)));
  const filesByKey = new Map<string, UploadFile>();
  for (const file of files) {
    const other = filesByKey.get(file.key);
    if (other !== undefined && other.path !== file.path)
      throw new UsageError(
        `${other.path} and ${file.path} have the same key, ${file.key}. Upload them with different prefixes.`,
      );
    filesByKey.set(file.key, file);
  }
  return [...filesByKey.values()];
};
