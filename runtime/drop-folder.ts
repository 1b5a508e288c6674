import { randomUUID } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { copyFile, lstat, realpath, rm } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { type FSWatcher, watch } from "chokidar";
import pLimit from "p-limit";
import * as z from "zod";
import { describeContent } from "../adapters/local/file-content.ts";
import type { LocalObjectStore } from "../adapters/local/object-store.ts";
import { getSystemErrorCode } from "../adapters/local/system-error.ts";
import { createLruCache } from "../lambdas/api/lru-cache.ts";
import { formatError } from "../pipeline/errors/errors.ts";
import type { Logger } from "../pipeline/ports/logger.ts";
import { maxKeyBytes } from "../pipeline/routing/plan-outputs.ts";
import { getContentType } from "../pipeline/uploads/content-type.ts";
import { openImportIndex } from "./import-index.ts";
import { createStabilityWatcher, fingerprint } from "./stability-watcher.ts";
import { waitAtMost } from "./timeouts.ts";

/** Object metadata with the fingerprint of the imported file, for imports that a crash kept from the import index. */
const importFingerprintKey = "reelway-import-fingerprint";

/** Longest time that a running import delays the stop of a runtime, milliseconds. The next start imports the file. */
const closeTimeoutMs = 500;

/** True for paths that are never imported: dotfiles and unfinished downloads (`.part`). */
export const isSkippedPath = (path: string): boolean => {
  const name = basename(path);
  return name.startsWith(".") || name.toLowerCase().endsWith(".part");
};

/** Returns why a path cannot be imported; undefined if it can. */
const getSkipReason = (key: string, file: Stats): string | undefined => {
  if (!file.isFile()) return "A path in the input folder is not a regular file and is skipped";
  if (Buffer.byteLength(key) > maxKeyBytes)
    return `A file in the input folder is skipped: its path is longer than ${maxKeyBytes} bytes, the maximum of a key`;
  return undefined;
};

/** Number of paths for which repeated warnings are suppressed. */
const maxWarnedPaths = 1000;

/** Arguments of the file watcher's `raw` event. */
const rawEventSchema = z.tuple([z.string(), z.looseObject({ watchedPath: z.string() })]);

interface DropFolderOptions {
  readonly directory: string;
  readonly bucket: string;
  readonly objects: Pick<LocalObjectStore, "head" | "writeByLink">;
  /** Folder for temporary copies, on the file system of the objects. */
  readonly staging: string;
  /** Path of the import index. */
  readonly importIndexPath: string;
  readonly log: Logger;
  /** Resolves when the disk has space for another file. */
  readonly waitForSpace?: () => Promise<void>;
  /** Seconds for which size and time must not change. */
  readonly stabilitySeconds?: number;
  /** Seconds before the first retry of a failed import; doubled for each further one, up to 300 s. */
  readonly retrySeconds?: number;
}

/** The watched input folder. */
export interface DropFolder {
  /** Removes the file of a key, if its current content was imported and has one of the ETags. */
  removeImported(key: string, etags: ReadonlySet<string>): Promise<void>;
  close(): Promise<void>;
}

/** Watches a folder and copies each complete file to the input bucket. The relative path is the key. */
export const watchDropFolder = async (options: DropFolderOptions): Promise<DropFolder> => {
  const { bucket, objects, log } = options;
  const directory = await realpath(options.directory);
  const importIndex = await openImportIndex(options.importIndexPath);
  const failures = new Map<string, number>();
  const warnedPaths = createLruCache<string, true>(maxWarnedPaths);
  const limit = pLimit(1);
  const toKey = (path: string): string => relative(directory, path).split(sep).join("/");

  const warnOnce = (path: string, message: string): void => {
    if (warnedPaths.get(path)) return;
    warnedPaths.set(path, true);
    log.warn(message, { path });
  };

  /** Copies a file to the bucket; returns false if it changed during the copy. */
  const copyToBucket = async (path: string, file: Stats): Promise<boolean> => {
    const key = toKey(path);
    const staged = join(options.staging, `${randomUUID()}.part`);
    try {
      await copyFile(path, staged, constants.COPYFILE_FICLONE);
      if (fingerprint(await lstat(path)) !== fingerprint(file)) return false;
      const metadata = { [importFingerprintKey]: fingerprint(file) };
      const contentType = getContentType(key);
      const { etag } = await objects.writeByLink({ bucket, key }, staged, { contentType, metadata });
      importIndex.record(key, file, etag);
      return true;
    } finally {
      await rm(staged, { force: true });
    }
  };

  /** Whether the current content of a file was imported. Compares the content if only inode or change time differ. */
  const isImported = async (path: string, file: Stats): Promise<boolean> => {
    const key = toKey(path);
    const state = importIndex.compare(key, file);
    if (state === "imported") return true;
    const existing = await objects.head({ bucket, key });
    // A crash can keep an import from the index, but not from the object's metadata.
    if (existing?.metadata[importFingerprintKey] === fingerprint(file)) {
      importIndex.record(key, file, existing.etag);
      return true;
    }
    const etag = importIndex.getEtag(key) ?? existing?.etag;
    if (state === "new" || etag === undefined || (await describeContent(path)).etag !== etag) return false;
    importIndex.record(key, file, etag);
    return true;
  };

  const importFile = async (path: string, file: Stats): Promise<void> => {
    if (!(await isImported(path, file)) && !(await copyToBucket(path, file)))
      return stabilityWatcher.watch(path);
    failures.delete(path);
  };

  const scheduleRetry = (path: string, cause: unknown): void => {
    const count = failures.get(path) ?? 0;
    failures.set(path, count + 1);
    const seconds = Math.min(300, (options.retrySeconds ?? 5) * 2 ** count);
    log.warn(`Could not import a file of the input folder; retrying in ${seconds} s`, {
      path,
      error: cause,
    });
    stabilityWatcher.watch(path, seconds);
  };

  const saveImportIndex = (): Promise<void> =>
    importIndex.save().catch((cause: unknown) =>
      log.warn("Could not write the import index of the input folder", {
        error: cause,
      }),
    );

  const processFile = async (path: string, file: Stats): Promise<void> => {
    try {
      await options.waitForSpace?.();
      await importFile(path, file);
    } catch (cause) {
      const isMissing = await lstat(path).then(
        () => false,
        (statError: unknown) => getSystemErrorCode(statError) === "ENOENT",
      );
      if (isMissing) failures.delete(path);
      else scheduleRetry(path, cause);
    }
    // The index is written as a whole, so once for many files. After a crash, the metadata of the objects is used.
    if (limit.pendingCount === 0) await saveImportIndex();
  };

  const stabilityWatcher = createStabilityWatcher({
    stabilitySeconds: options.stabilitySeconds ?? 2,
    onStable(path, file) {
      const skipReason = getSkipReason(toKey(path), file);
      if (skipReason !== undefined) return warnOnce(path, skipReason);
      void limit(processFile, path, file);
    },
    onEmpty: (path) =>
      warnOnce(path, "A file in the input folder is empty; it is imported when it has content"),
    onFailure: (path, cause) =>
      warnOnce(path, `A path in the input folder cannot be read: ${formatError(cause)}`),
  });

  const isSymbolicLink = (path: string, file: Stats | undefined): boolean => {
    if (file?.isSymbolicLink() !== true) return false;
    warnOnce(
      path,
      "A symbolic link in the input folder is skipped. Copy the file itself, or create a hard link with ln",
    );
    return true;
  };

  /** Keys of the files found by the first scan; undefined afterwards. */
  let presentKeys: Set<string> | undefined = new Set();
  const watcher: FSWatcher = watch(directory, {
    followSymlinks: false,
    alwaysStat: true,
    ignored: (path, file) => path !== directory && (isSkippedPath(path) || isSymbolicLink(path, file)),
  });
  watcher.on("add", (path, file) => {
    const key = toKey(path);
    presentKeys?.add(key);
    if (file === undefined || importIndex.compare(key, file) !== "imported") stabilityWatcher.watch(path);
  });
  watcher.on("change", (path) => stabilityWatcher.watch(path));
  // The watcher emits no `change` for a file that is replaced by one with the same time.
  watcher.on("raw", (_event, ...watchArguments) => {
    const { data } = rawEventSchema.safeParse(watchArguments);
    if (data === undefined) return;
    const [name, { watchedPath }] = data;
    for (const path of [watchedPath, join(watchedPath, name)])
      if (importIndex.has(toKey(path))) stabilityWatcher.watch(path);
  });
  watcher.on("unlink", (path) => {
    stabilityWatcher.unwatch(path);
    importIndex.remove(toKey(path));
    warnedPaths.delete(path);
    failures.delete(path);
  });
  watcher.on("error", (cause) => log.error("Could not watch the input folder", { error: cause }));
  await new Promise<void>((resolve) => watcher.once("ready", () => resolve()));
  importIndex.retainOnly(presentKeys);
  presentKeys = undefined;
  await saveImportIndex();
  return {
    async removeImported(key, etags) {
      const path = join(directory, ...key.split("/"));
      if (toKey(path) !== key || isSkippedPath(path)) return;
      const file = await lstat(path).catch(() => undefined);
      const state = file?.isFile() ? importIndex.compare(key, file) : "new";
      if (state === "new") return;
      const indexedEtag = state === "imported" ? importIndex.getEtag(key) : undefined;
      if (etags.has(indexedEtag ?? (await describeContent(path)).etag)) await rm(path, { force: true });
    },
    async close() {
      await watcher.close();
      await stabilityWatcher.close();
      await waitAtMost(
        limit(() => undefined),
        closeTimeoutMs,
      );
    },
  };
};
