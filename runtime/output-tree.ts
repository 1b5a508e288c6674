import { createHash, randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { link, mkdir, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { LocalObjectStore } from "../adapters/local/object-store.ts";
import { getSystemErrorCode } from "../adapters/local/system-error.ts";
import type { Logger } from "../pipeline/ports/logger.ts";

/** Maximum length of a file name, bytes: 255 on common file systems, less two for a suffix. */
const maxNameBytes = 253;

const reservedCharacters = '%\\:*?"<>|';

const escapeCharacter = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 32 && code !== 127 && !reservedCharacters.includes(character)) return character;
  return `%${code.toString(16).toUpperCase().padStart(2, "0")}`;
};

/** Splits a segment of a key into file name characters; those reserved by file systems or shells are percent-encoded. */
const escapeSegment = (segment: string): readonly string[] => {
  if (segment === "") return ["%"];
  if (segment === "." || segment === "..") return [segment.replaceAll(".", "%2E")];
  return [...segment].map(escapeCharacter);
};

/** Shortens a long name to its beginning, a digest that keeps it unique, and its extension. */
const shortenSegment = (segment: string): string => {
  const characters = escapeSegment(segment);
  const name = characters.join("");
  if (Buffer.byteLength(name) <= maxNameBytes) return name;
  const extension = /\.[A-Za-z0-9]{1,9}$/.exec(name)?.[0] ?? "";
  const digest = createHash("sha256").update(segment).digest("hex").slice(0, 8);
  const suffix = `%~${digest}${extension}`;
  let remainingBytes = maxNameBytes - Buffer.byteLength(suffix);
  let prefix = "";
  for (const character of characters) {
    remainingBytes -= Buffer.byteLength(character);
    if (remainingBytes < 0) break;
    prefix += character;
  }
  return `${prefix}${suffix}`;
};

/** Converts a key to a path relative to the output folder, with `/` as separator. */
export const toTreePath = (key: string): string => key.split("/").map(shortenSegment).join("/");

/** Suffix of a file whose name is also that of a folder; no encoded key ends with it. */
const conflictSuffix = "%";

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** Returns false if the folder is not empty, or another caller has removed it. */
const removeEmptyFolder = (path: string): Promise<boolean> =>
  rmdir(path).then(
    () => true,
    (cause: unknown) => {
      if (["ENOTEMPTY", "EEXIST", "ENOENT"].includes(getSystemErrorCode(cause) ?? "")) return false;
      throw cause;
    },
  );

/** The output folder: hard links to the stored bytes, named by key. */
export interface OutputTree {
  /** Returns the absolute path of a key's file, which may not exist. */
  resolvePath(key: string): string;
  /** Links outputs into the folder and replaces earlier versions. Failures are logged, not thrown. */
  link(bucket: string, keys: readonly string[]): Promise<void>;
  /** Removes the file of an output, if it is a link to the stored bytes, and the folders that are empty then. */
  unlink(bucket: string, key: string): Promise<void>;
}

/** Creates the output folder's tree. */
export const createOutputTree = (directory: string, objects: LocalObjectStore, log: Logger): OutputTree => {
  const resolvePath = (key: string): string => {
    const plainPath = join(directory, ...toTreePath(key).split("/"));
    return isFolder(plainPath) ? `${plainPath}${conflictSuffix}` : plainPath;
  };

  /** Creates the folders of a key; a file with the name of a folder is renamed. */
  const makeFolders = async (key: string): Promise<void> => {
    let folder = directory;
    await mkdir(folder, { recursive: true });
    for (const name of toTreePath(key).split("/").slice(0, -1)) {
      folder = join(folder, name);
      try {
        await mkdir(folder, { recursive: true });
      } catch (cause) {
        if (getSystemErrorCode(cause) !== "EEXIST") throw cause;
        await rename(folder, `${folder}${conflictSuffix}`).catch((renameError: unknown) => {
          if (getSystemErrorCode(renameError) !== "ENOENT") throw renameError;
        });
        await mkdir(folder, { recursive: true });
      }
    }
  };

  const linkOutput = async (bucket: string, key: string): Promise<void> => {
    const bytesPath = await objects.findFile(bucket, key);
    if (bytesPath === undefined) return;
    const temporary = join(directory, `.${randomUUID()}.part`);
    await makeFolders(key);
    try {
      await link(bytesPath, temporary);
      await rename(temporary, resolvePath(key));
    } finally {
      // rename(2) of two links to one file does nothing and leaves both.
      await rm(temporary, { force: true });
    }
  };
  return {
    resolvePath,
    async unlink(bucket, key) {
      const bytesPath = await objects.findFile(bucket, key);
      const plainPath = join(directory, ...toTreePath(key).split("/"));
      const bytes = bytesPath && statSync(bytesPath, { throwIfNoEntry: false });
      for (const path of [plainPath, `${plainPath}${conflictSuffix}`]) {
        const file = statSync(path, { throwIfNoEntry: false });
        if (!bytes || file?.ino !== bytes.ino || file.dev !== bytes.dev) continue;
        await rm(path, { force: true });
        for (let folder = dirname(path); folder !== directory; folder = dirname(folder))
          if (!(await removeEmptyFolder(folder))) break;
      }
    },
    async link(bucket, keys) {
      for (const key of keys)
        try {
          await linkOutput(bucket, key);
        } catch (cause) {
          log.warn("Could not link an output into the output folder", { key, error: cause });
        }
    },
  };
};
