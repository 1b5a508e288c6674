import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { link, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { systemCode } from "../adapters/local/system-code.ts";
import { CommandFailed } from "../pipeline/errors/user-error.ts";

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
  /** HTTP subscribers of the topics, with what they have not taken yet. */
  readonly subscriptions: string;
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
    subscriptions: part("subscriptions"),
    log: part("log.jsonl"),
    ingested: part("ingested.json"),
    lock: part("runtime.json"),
  };
};

const another = "use another with --data DIR";
const permissions = ["cannot be written to by this user", `Mend its permissions, or ${another}`] as const;
const noFolder = [
  "is not a folder, or lies below something that is none",
  `Remove what is there, or ${another}`,
] as const;
const folderReasons: Readonly<Record<string, readonly [why: string, next: string]>> = {
  EACCES: permissions,
  EPERM: permissions,
  EROFS: ["is on a read-only file system", `Mount it writable, or ${another}`],
  ENOTDIR: noFolder,
  EEXIST: noFolder,
  ENOENT: ["cannot be made there", `Please ${another}`],
  ENOSPC: ["is on a disk that is full", `Free some space, or ${another}`],
  EDQUOT: ["is on a disk that is full for this user", `Free some space, or ${another}`],
  ENAMETOOLONG: ["has a name that is too long", `Please ${another}`],
};
const noLinks = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV"]);

/** What a person is told of a data folder that a system error keeps from being used; undefined for other errors. */
export const dataFolderFailure = (root: string, cause: unknown): CommandFailed | undefined => {
  const code = systemCode(cause);
  const reason = folderReasons[code ?? ""];
  const path = cause instanceof Error && "path" in cause ? String(cause.path) : root;
  const isOfFolder = path.startsWith(root) || root.startsWith(`${path}/`);
  return reason === undefined || !isOfFolder
    ? undefined
    : new CommandFailed(`The data folder ${root} ${reason[0]} (${code}). ${reason[1]}.`, { cause });
};

/**
 * Tries a hard link in a folder: objects and the readable tree share their bytes by them.
 *
 * @throws CommandFailed where the file system has none; the system's error where the folder cannot be written to
 */
export const checkLinks = async (root: string): Promise<void> => {
  const probe = join(root, `.${randomUUID()}.part`);
  const other = `${probe}.part`;
  try {
    await writeFile(probe, "");
    await link(probe, other).catch((cause: unknown) => {
      if (!noLinks.has(systemCode(cause) ?? "")) throw cause;
      throw new CommandFailed(
        `The data folder ${root} is on a file system without hard links. Use another with --data DIR.`,
        { cause },
      );
    });
  } finally {
    await rm(probe, { force: true });
    await rm(other, { force: true });
  }
};

/**
 * Makes a folder and the missing ones above it. `mkdir` of Node with `recursive` never ends where an existing parent
 * answers ENOENT, as /proc does.
 */
const makeFolders = async (path: string): Promise<void> => {
  try {
    await mkdir(path);
  } catch (cause) {
    const code = systemCode(cause);
    if (code === "EEXIST") return;
    const parent = dirname(path);
    if (code !== "ENOENT" || existsSync(parent)) throw cause;
    await makeFolders(parent);
    await mkdir(path);
  }
};

/**
 * Makes the folders.
 *
 * @throws CommandFailed where the file system does not allow it
 */
export const makeDataFolder = async (folder: DataFolder): Promise<void> => {
  try {
    await makeFolders(folder.root);
    for (const path of [
      folder.input,
      folder.output,
      folder.objects,
      folder.tasks,
      folder.scratch,
      folder.uploads,
    ])
      await mkdir(path, { recursive: true });
    await checkLinks(folder.root);
  } catch (cause) {
    throw dataFolderFailure(folder.root, cause) ?? cause;
  }
};
