import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";

/** Where one runtime keeps everything. */
export interface DataFolder {
  readonly root: string;
  /** Drop folder: relative path = key. */
  readonly input: string;
  /** Readable tree of the outputs. */
  readonly output: string;
  readonly objects: string;
  readonly database: string;
  readonly tasks: string;
  readonly scratch: string;
  /** Uploads over HTTP that are not whole yet. */
  readonly uploads: string;
  readonly worker: string;
  readonly transcoderKeys: string;
  readonly notifications: string;
  readonly log: string;
  readonly ingested: string;
  readonly lock: string;
}

/** The default data folder, relative to the working directory. */
export const defaultDataFolder = ".reelway";

/** Names of a data folder's parts; nothing is made. */
export const dataFolder = (directory: string): DataFolder => {
  const root = resolve(directory);
  const part = (name: string) => join(root, name);
  return {
    root,
    input: part("input"),
    output: part("output"),
    objects: part("objects"),
    database: part("database"),
    tasks: part("tasks"),
    scratch: part("scratch"),
    uploads: part("uploads"),
    worker: part("worker.cjs"),
    transcoderKeys: part("transcoder-keys.json"),
    notifications: part("notifications.jsonl"),
    log: part("log.jsonl"),
    ingested: part("ingested.json"),
    lock: part("runtime.json"),
  };
};

/** Makes the folders. */
export const makeDataFolder = async (folder: DataFolder): Promise<void> => {
  for (const path of [
    folder.input,
    folder.output,
    folder.objects,
    folder.tasks,
    folder.scratch,
    folder.uploads,
  ])
    await mkdir(path, { recursive: true });
};
