import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { link, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { getSystemErrorCode } from "../adapters/local/system-error.ts";
import { CommandError } from "../pipeline/errors/errors.ts";

/** Absolute paths in the data folder of a runtime. */
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
  /** Folder for incomplete uploads over HTTP. */
  readonly uploadStaging: string;
  /** Multipart uploads; they survive a restart. */
  readonly multipartUploads: string;
  /** Records of the uploads that `reelway upload` has begun and not completed. */
  readonly uploadRecords: string;
  /** Key of signed upload URLs. */
  readonly uploadSigningKey: string;
  readonly transcoderKeys: string;
  /** Users and tokens. */
  readonly accounts: string;
  readonly notifications: string;
  /** HTTP subscribers of the topics with their undelivered messages. */
  readonly subscriptions: string;
  /** Deliveries of the webhooks. */
  readonly webhooks: string;
  /** Secrets of the webhooks, a file each. */
  readonly webhookSecrets: string;
  /** Logs of the watchers of channels. */
  readonly watchers: string;
  readonly log: string;
  readonly importIndex: string;
  readonly runtimeRecord: string;
}

/** The default port of the runtime. */
export const defaultPort = 4600;

/** The default data folder, relative to the working directory. */
export const defaultDataFolder = ".reelway";

/** Resolves the paths of a data folder; creates nothing. */
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
    multipartUploads: pathOf("multipart-uploads"),
    uploadRecords: pathOf("upload-records"),
    uploadSigningKey: pathOf("upload-signing-key"),
    transcoderKeys: pathOf("transcoder-keys.json"),
    accounts: pathOf("accounts"),
    notifications: pathOf("notifications.jsonl"),
    subscriptions: pathOf("subscriptions"),
    webhooks: pathOf("webhooks"),
    webhookSecrets: pathOf("webhook-secrets"),
    watchers: pathOf("watchers"),
    log: pathOf("log.jsonl"),
    importIndex: pathOf("import-index.json"),
    runtimeRecord: pathOf("runtime.json"),
  };
};

const useAnotherFolder = "use another folder with --data DIR";
const permissionReason = [
  "is not writable for this user",
  `Correct its permissions, or ${useAnotherFolder}`,
] as const;
const notFolderReason = [
  "is not a folder, or is below a file",
  `Remove that file, or ${useAnotherFolder}`,
] as const;
const folderErrorReasons: Readonly<Record<string, readonly [why: string, next: string]>> = {
  EACCES: permissionReason,
  EPERM: permissionReason,
  EROFS: ["is on a read-only file system", `Mount it writable, or ${useAnotherFolder}`],
  ENOTDIR: notFolderReason,
  EEXIST: notFolderReason,
  ENOENT: ["cannot be created there", `Please ${useAnotherFolder}`],
  ENOSPC: ["is on a full disk", `Free some space, or ${useAnotherFolder}`],
  EDQUOT: ["exceeds this user's disk quota", `Free some space, or ${useAnotherFolder}`],
  ENAMETOOLONG: ["has a name that is too long", `Please ${useAnotherFolder}`],
};
const noHardLinkCodes = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV"]);

/** Converts a system error about the data folder to a CommandError; undefined for other errors. */
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
 * Creates a hard link in a folder as a test: objects and the output tree share their bytes by hard links.
 *
 * @throws CommandError if the file system does not support them; the system error if the folder is not writable
 */
export const checkHardLinks = async (root: string): Promise<void> => {
  const probe = join(root, `.${randomUUID()}.part`);
  const other = `${probe}.part`;
  try {
    await writeFile(probe, "");
    await link(probe, other).catch((cause: unknown) => {
      if (!noHardLinkCodes.has(getSystemErrorCode(cause) ?? "")) throw cause;
      throw new CommandError(
        `The data folder ${root} is on a file system without hard links. Use another folder with --data DIR.`,
        { cause },
      );
    });
  } finally {
    await rm(probe, { force: true });
    await rm(other, { force: true });
  }
};

/**
 * Creates a folder and its missing parents. Node's recursive `mkdir` never returns if an existing parent answers
 * ENOENT, as /proc does.
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
 * Creates the folders of a runtime.
 *
 * @throws CommandError if the file system does not allow it
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
      folder.multipartUploads,
    ])
      await mkdir(path, { recursive: true });
    await checkHardLinks(folder.root);
  } catch (cause) {
    throw toDataFolderError(folder.root, cause) ?? cause;
  }
};
