import { createHash, randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { link, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { LocalObjectStore } from "../adapters/local/object-store.ts";
import { getSystemErrorCode } from "../adapters/local/system-error.ts";
import type { Logger } from "../pipeline/ports/logger.ts";

/** Bytes of a name that every file system takes; two less leave room for a mark. */
const maxNameBytes = 253;

const reservedCharacters = '%\\:*?"<>|';

const escapeCharacter = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 32 && code !== 127 && !reservedCharacters.includes(character)) return character;
  return `%${code.toString(16).toUpperCase().padStart(2, "0")}`;
};

/** A segment of a key as characters of a file name: what file systems or shells stumble over is percent-encoded. */
const escapeSegment = (segment: string): readonly string[] => {
  if (segment === "") return ["%"];
  if (segment === "." || segment === "..") return [segment.replaceAll(".", "%2E")];
  return [...segment].map(escapeCharacter);
};

/** A name that is too long keeps its beginning and its extension; a digest tells it from others like it. */
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

/** Where a key's file lies below the readable tree's root, with `/` between the parts. */
export const toTreePath = (key: string): string => key.split("/").map(shortenSegment).join("/");

/** Set behind the name of a file where a folder of other outputs has that name: no key is written so. */
const conflictSuffix = "%";

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** The readable tree of outputs: hard links to the stored bytes. */
export interface OutputTree {
  /** Path of a key's file, whether or not it is there. */
  resolvePath(key: string): string;
  /** Links outputs of a finished job into the tree, in place of earlier versions. */
  link(bucket: string, keys: readonly string[]): Promise<void>;
}

export const createOutputTree = (directory: string, objects: LocalObjectStore, log: Logger): OutputTree => {
  const resolvePath = (key: string): string => {
    const plainPath = join(directory, ...toTreePath(key).split("/"));
    return isFolder(plainPath) ? `${plainPath}${conflictSuffix}` : plainPath;
  };

  /** Makes the folders of a key; a file of another output that has a folder's name gives way. */
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
    async link(bucket, keys) {
      for (const key of keys)
        try {
          await linkOutput(bucket, key);
        } catch (cause) {
          log.warn("An output could not be shown in the output folder", { key, error: cause });
        }
    },
  };
};
