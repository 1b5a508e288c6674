import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { link, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { getSystemErrorCode } from "../adapters/local/system-error.ts";
import { CommandError } from "../pipeline/errors/errors.ts";

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
  readonly uploadStaging: string;
  readonly workerBundle: string;
  readonly transcoderKeys: string;
  readonly notifications: string;
  /** HTTP subscribers of the topics, with what they have not taken yet. */
  readonly subscriptions: string;
  readonly log: string;
  readonly importIndex: string;
  readonly runtimeRecord: string;
}

/** The default data folder, relative to the working directory. */
export const defaultDataFolder = ".reelway";

/** Names of a data folder's parts; nothing is made. */
export const resolveDataFolder = (directory: string): DataFolder => {
  const root = resolve(directory);
  const pathOf = (name: string) => join(root, name);
  return {
    root,
    input: pathOf("input"),
    output: pathOf("output"),
    objects: pathOf("objects"),
    database: pathOf("database"),
    tasks: pathOf("tasks"),
    scratch: pathOf("scratch"),
    uploadStaging: pathOf("uploads"),
    workerBundle: pathOf("worker.cjs"),
    transcoderKeys: pathOf("transcoder-keys.json"),
    notifications: pathOf("notifications.jsonl"),
    subscriptions: pathOf("subscriptions"),
    log: pathOf("log.jsonl"),
    importIndex: pathOf("import-index.json"),
    runtimeRecord: pathOf("runtime.json"),
  };
};

const useAnotherFolder = "use another with --data DIR";
const permissionReason = [
  "cannot be written to by this user",
  `Mend its permissions, or ${useAnotherFolder}`,
] as const;
const notFolderReason = [
  "is not a folder, or lies below something that is none",
  `Remove what is there, or ${useAnotherFolder}`,
] as const;
const folderErrorReasons: Readonly<Record<string, readonly [why: string, next: string]>> = {
  EACCES: permissionReason,
  EPERM: permissionReason,
  EROFS: ["is on a read-only file system", `Mount it writable, or ${useAnotherFolder}`],
  ENOTDIR: notFolderReason,
  EEXIST: notFolderReason,
  ENOENT: ["cannot be made there", `Please ${useAnotherFolder}`],
  ENOSPC: ["is on a disk that is full", `Free some space, or ${useAnotherFolder}`],
  EDQUOT: ["is on a disk that is full for this user", `Free some space, or ${useAnotherFolder}`],
  ENAMETOOLONG: ["has a name that is too long", `Please ${useAnotherFolder}`],
};
const noHardLinkCodes = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV"]);

/** What a person is told of a data folder that a system error keeps from being used; undefined for other errors. */
export const toDataFolderError = (root: string, cause: unknown): CommandError | undefined => {
  const code = getSystemErrorCode(cause);
  const reason = folderErrorReasons[code ?? ""];
  const path = cause instanceof Error && "path" in cause ? String(cause.path) : root;
  const isInFolder = path.startsWith(root) || root.startsWith(`${path}/`);
  return reason === undefined || !isInFolder
    ? undefined
    : new CommandError(`The data folder ${root} ${reason[0]} (${code}). ${reason[1]}.`, { cause });
};

/**
 * Tries a hard link in a folder: objects and the readable tree share their bytes by them.
 *
 * @throws CommandError where the file system has none; the system's error where the folder cannot be written to
 */
export const checkHardLinks = async (root: string): Promise<void> => {
  const probe = join(root, `.${randomUUID()}.part`);
  const other = `${probe}.part`;
  try {
    await writeFile(probe, "");
    await link(probe, other).catch((cause: unknown) => {
      if (!noHardLinkCodes.has(getSystemErrorCode(cause) ?? "")) throw cause;
      throw new CommandError(
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
    const code = getSystemErrorCode(cause);
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
 * @throws CommandError where the file system does not allow it
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
      folder.uploadStaging,
    ])
      await mkdir(path, { recursive: true });
    await checkHardLinks(folder.root);
  } catch (cause) {
    throw toDataFolderError(folder.root, cause) ?? cause;
  }
};
