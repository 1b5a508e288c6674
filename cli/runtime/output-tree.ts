import { randomUUID } from "node:crypto";
import { link, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { LocalObjectStore } from "../../adapters/local/object-store.ts";
import type { Job } from "../../pipeline/job/job.ts";
import type { Log } from "../../pipeline/ports/services.ts";
import { oneLine } from "../failure.ts";

/** Bytes of a name that every file system takes. */
const nameBytes = 255;

const awkward = '%\\:*?"<>|';

const escapeCharacter = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 32 && code !== 127 && !awkward.includes(character)) return character;
  return `%${code.toString(16).toUpperCase().padStart(2, "0")}`;
};

/** A segment of a key as a file name: what file systems or shells stumble over is percent-encoded. */
const fileName = (segment: string): string => {
  if (segment === "") return "%";
  if (segment === "." || segment === "..") return segment.replaceAll(".", "%2E");
  return [...segment].map(escapeCharacter).join("");
};

const shorten = (name: string): string => {
  if (Buffer.byteLength(name) <= nameBytes) return name;
  const dot = name.lastIndexOf(".");
  const end = dot > 0 && name.length - dot <= 10 ? name.slice(dot) : "";
  let start = name.slice(0, name.length - end.length);
  while (Buffer.byteLength(start) + Buffer.byteLength(end) + 3 > nameBytes) start = start.slice(0, -1);
  return `${start}%~${end}`;
};

/** Where a key's file lies below the readable tree's root, with `/` between the parts. */
export const treePath = (key: string): string =>
  key
    .split("/")
    .map((segment) => shorten(fileName(segment)))
    .join("/");

/** The readable tree of outputs: hard links to the stored bytes. */
export interface OutputTree {
  /** Path of a key's file, whether or not it is there. */
  path(key: string): string;
  /** Links the outputs of a finished job into the tree, in place of earlier versions. */
  show(job: Job): Promise<void>;
}

export const createOutputTree = (directory: string, objects: LocalObjectStore, log: Log): OutputTree => {
  const path = (key: string): string => join(directory, ...treePath(key).split("/"));
  const place = async (bucket: string, key: string): Promise<void> => {
    const bytes = await objects.file(bucket, key);
    if (bytes === undefined) return;
    const target = path(key);
    const temporary = join(directory, `.${randomUUID()}.part`);
    await mkdir(dirname(target), { recursive: true });
    try {
      await link(bytes, temporary);
      await rename(temporary, target);
    } finally {
      // rename(2) of two links to one file does nothing and leaves both.
      await rm(temporary, { force: true });
    }
  };
  return {
    path,
    async show(job) {
      const bucket = job.specification?.outputBucket;
      if (bucket === undefined) return;
      for (const { key } of job.outputs)
        try {
          await place(bucket, key);
        } catch (cause) {
          log.warn("An output could not be shown in the output folder", { key, cause: oneLine(cause) });
        }
    },
  };
};
