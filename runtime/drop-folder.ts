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
import { formatError } from "../pipeline/errors/errors.ts";
import type { Logger } from "../pipeline/ports/logger.ts";
import { maxKeyBytes } from "../pipeline/routing/plan-outputs.ts";
import { getContentType } from "../pipeline/uploads/content-type.ts";
import { openImportIndex } from "./import-index.ts";
import { createLruCache } from "./lru-cache.ts";
import { createStabilityWatcher, fingerprint } from "./stability-watcher.ts";
import { waitAtMost } from "./timeouts.ts";

/** Metadata by which an object tells which file it was taken from, should a crash have kept it from the ledger. */
const importFingerprintKey = "reelway-import-fingerprint";

/** Milliseconds that a file under way may keep a runtime from stopping; the next start takes it anew. */
const closeTimeoutMs = 500;

/** True for what is not taken: dotfiles and unfinished downloads. */
export const isSkippedPath = (path: string): boolean => {
  const name = basename(path);
  return name.startsWith(".") || name.toLowerCase().endsWith(".part");
};

/** Why something that is no file, or has no key, stays where it is; undefined for what can be taken. */
const getSkipReason = (key: string, file: Stats): string | undefined => {
  if (!file.isFile()) return "Something in the input folder is neither file nor folder, and is passed over";
  if (Buffer.byteLength(key) > maxKeyBytes)
    return `A file of the input folder is passed over: its path has more than ${maxKeyBytes} bytes, the longest key`;
  return undefined;
};

/** Paths that the log has explained already; of more, one may be explained again. */
const maxWarnedPaths = 1000;

/** An event of the operating system, as the file watcher passes it on. */
const rawEventSchema = z.tuple([z.string(), z.looseObject({ watchedPath: z.string() })]);

interface DropFolderOptions {
  readonly directory: string;
  readonly bucket: string;
  readonly objects: Pick<LocalObjectStore, "head" | "writeByLink">;
  /** Folder for copies under way, on the file system of the objects. */
  readonly staging: string;
  /** File of what was taken already. */
  readonly importIndexPath: string;
  readonly log: Logger;
  /** Settles when there is room for another file. */
  readonly waitForSpace?: () => Promise<void>;
  /** Seconds that size and time must stand still. */
  readonly stabilitySeconds?: number;
  /** Seconds before a file that could not be taken is tried again; twice as many each time, up to five minutes. */
  readonly retrySeconds?: number;
}

/** Copies what is put into a folder to the input bucket, once it is whole: the relative path is the key. */
export const watchDropFolder = async (options: DropFolderOptions): Promise<{ close(): Promise<void> }> => {
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

  /** Copies first and looks again afterwards; false for what was written to meanwhile, which is not whole. */
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

  /** Whether a file was taken as it is now; its content decides where only the inode or its change time differ. */
  const isImported = async (path: string, file: Stats): Promise<boolean> => {
    const key = toKey(path);
    const state = importIndex.compare(key, file);
    if (state === "imported") return true;
    const existing = await objects.head({ bucket, key });
    // The object tells what a crash kept from the ledger.
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
    log.warn(`A file of the input folder could not be taken; it is tried again in ${seconds} s`, {
      path,
      error: cause,
    });
    stabilityWatcher.watch(path, seconds);
  };

  const saveImportIndex = (): Promise<void> =>
    importIndex.save().catch((cause: unknown) =>
      log.warn("The list of the files that were taken from the input folder could not be written", {
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
    // The ledger is written whole: of many files, once. The objects themselves tell what a crash keeps from it.
    if (limit.pendingCount === 0) await saveImportIndex();
  };

  const stabilityWatcher = createStabilityWatcher({
    stabilitySeconds: options.stabilitySeconds ?? 2,
    onStable(path, file) {
      const skipReason = getSkipReason(toKey(path), file);
      if (skipReason !== undefined) return warnOnce(path, skipReason);
      void limit(processFile, path, file);
    },
    onEmpty: (path) => warnOnce(path, "A file of the input folder is empty; it is taken once it is not"),
    onFailure: (path, cause) =>
      warnOnce(path, `A path of the input folder cannot be read: ${formatError(cause)}`),
  });

  const isSymbolicLink = (path: string, file: Stats | undefined): boolean => {
    if (file?.isSymbolicLink() !== true) return false;
    warnOnce(
      path,
      "A symbolic link in the input folder is passed over: copy the file itself, or link it with ln (hard)",
    );
    return true;
  };

  /** What is there at the start. */
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
    // An entry of an earlier version of this program gets the inode that it lacks.
    else importIndex.record(key, file, importIndex.getEtag(key));
  });
  watcher.on("change", (path) => stabilityWatcher.watch(path));
  // The watcher itself tells no change where a file was replaced by one of the same time.
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
  watcher.on("error", (cause) => log.error("The input folder cannot be watched", { error: cause }));
  await new Promise<void>((resolve) => watcher.once("ready", () => resolve()));
  importIndex.retainOnly(presentKeys);
  presentKeys = undefined;
  await saveImportIndex();
  return {
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
