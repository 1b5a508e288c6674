import { createHash, randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { link, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { LocalObjectStore } from "../adapters/local/object-store.ts";
import { systemCode } from "../adapters/local/system-code.ts";
import { oneLine } from "../pipeline/errors/user-error.ts";
import type { Log } from "../pipeline/ports/services.ts";

/** Bytes of a name that every file system takes; two less leave room for a mark. */
const nameBytes = 253;

const awkward = '%\\:*?"<>|';

const escapeCharacter = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 32 && code !== 127 && !awkward.includes(character)) return character;
  return `%${code.toString(16).toUpperCase().padStart(2, "0")}`;
};

/** A segment of a key as characters of a file name: what file systems or shells stumble over is percent-encoded. */
const escaped = (segment: string): readonly string[] => {
  if (segment === "") return ["%"];
  if (segment === "." || segment === "..") return [segment.replaceAll(".", "%2E")];
  return [...segment].map(escapeCharacter);
};

/** A name that is too long keeps its beginning and its extension; a digest tells it from others like it. */
const shortened = (segment: string): string => {
  const characters = escaped(segment);
  const name = characters.join("");
  if (Buffer.byteLength(name) <= nameBytes) return name;
  const extension = /\.[A-Za-z0-9]{1,9}$/.exec(name)?.[0] ?? "";
  const digest = createHash("sha256").update(segment).digest("hex").slice(0, 8);
  const end = `%~${digest}${extension}`;
  let room = nameBytes - Buffer.byteLength(end);
  let start = "";
  for (const character of characters) {
    room -= Buffer.byteLength(character);
    if (room < 0) break;
    start += character;
  }
  return `${start}${end}`;
};

/** Where a key's file lies below the readable tree's root, with `/` between the parts. */
export const treePath = (key: string): string => key.split("/").map(shortened).join("/");

/** Set behind the name of a file where a folder of other outputs has that name: no key is written so. */
const besideFolder = "%";

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** The readable tree of outputs: hard links to the stored bytes. */
export interface OutputTree {
  /** Path of a key's file, whether or not it is there. */
  path(key: string): string;
  /** Links outputs of a finished job into the tree, in place of earlier versions. */
  show(bucket: string, keys: readonly string[]): Promise<void>;
}

export const createOutputTree = (directory: string, objects: LocalObjectStore, log: Log): OutputTree => {
  const path = (key: string): string => {
    const plain = join(directory, ...treePath(key).split("/"));
    return isFolder(plain) ? `${plain}${besideFolder}` : plain;
  };

  /** Makes the folders of a key; a file of another output that has a folder's name gives way. */
  const makeFolders = async (key: string): Promise<void> => {
    let folder = directory;
    await mkdir(folder, { recursive: true });
    for (const name of treePath(key).split("/").slice(0, -1)) {
      folder = join(folder, name);
      try {
        await mkdir(folder, { recursive: true });
      } catch (cause) {
        if (systemCode(cause) !== "EEXIST") throw cause;
        await rename(folder, `${folder}${besideFolder}`).catch((gone: unknown) => {
          if (systemCode(gone) !== "ENOENT") throw gone;
        });
        await mkdir(folder, { recursive: true });
      }
    }
  };

  const place = async (bucket: string, key: string): Promise<void> => {
    const bytes = await objects.file(bucket, key);
    if (bytes === undefined) return;
    const temporary = join(directory, `.${randomUUID()}.part`);
    await makeFolders(key);
    try {
      await link(bytes, temporary);
      await rename(temporary, path(key));
    } finally {
      // rename(2) of two links to one file does nothing and leaves both.
      await rm(temporary, { force: true });
    }
  };
  return {
    path,
    async show(bucket, keys) {
      for (const key of keys)
        try {
          await place(bucket, key);
        } catch (cause) {
          log.warn("An output could not be shown in the output folder", { key, cause: oneLine(cause) });
        }
    },
  };
};
