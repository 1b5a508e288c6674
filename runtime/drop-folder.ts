import { randomUUID } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { copyFile, lstat, realpath, rm } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { type FSWatcher, watch } from "chokidar";
import * as z from "zod";
import { describeContent } from "../adapters/local/file-content.ts";
import type { LocalObjectStore } from "../adapters/local/object-store.ts";
import { systemCode } from "../adapters/local/system-code.ts";
import { oneLine } from "../pipeline/errors/user-error.ts";
import type { Log } from "../pipeline/ports/services.ts";
import { maxKeyBytes } from "../pipeline/routing/plan-outputs.ts";
import { contentTypeOf } from "../pipeline/uploads/content-type.ts";
import { openDropLedger } from "./drop-ledger.ts";
import { settledWithin } from "./patience.ts";
import { createRecentMap } from "./recent-map.ts";
import { createSettling, fingerprint } from "./settling.ts";

/** Metadata by which an object tells which file it was taken from, should a crash have kept it from the ledger. */
const takenFrom = "reelway-dropped";

/** Milliseconds that a file under way may keep a runtime from stopping; the next start takes it anew. */
const patience = 500;

/** True for what is not taken: dotfiles and unfinished downloads. */
export const isPassedOver = (path: string): boolean => {
  const name = basename(path);
  return name.startsWith(".") || name.toLowerCase().endsWith(".part");
};

/** Why something that is no file, or has no key, stays where it is; undefined for what can be taken. */
const reasonAgainst = (key: string, file: Stats): string | undefined => {
  if (!file.isFile()) return "Something in the input folder is neither file nor folder, and is passed over";
  if (Buffer.byteLength(key) > maxKeyBytes)
    return `A file of the input folder is passed over: its path has more than ${maxKeyBytes} bytes, the longest key`;
  return undefined;
};

/** Paths that the log has explained already; of more, one may be explained again. */
const maxExplained = 1000;

/** An event of the operating system, as the file watcher passes it on. */
const rawEvent = z.tuple([z.string(), z.looseObject({ watchedPath: z.string() })]);

interface DropFolderOptions {
  readonly directory: string;
  readonly bucket: string;
  readonly objects: Pick<LocalObjectStore, "head" | "adopt">;
  /** Folder for copies under way, on the file system of the objects. */
  readonly staging: string;
  /** File of what was taken already. */
  readonly ledger: string;
  readonly log: Log;
  /** Settles when there is room for another file. */
  readonly room?: () => Promise<void>;
  /** Seconds that size and time must stand still. */
  readonly settleSeconds?: number;
  /** Seconds before a file that could not be taken is tried again; twice as many each time, up to five minutes. */
  readonly retrySeconds?: number;
}

/** Copies what is put into a folder to the input bucket, once it is whole: the relative path is the key. */
export const watchDropFolder = async (options: DropFolderOptions): Promise<{ close(): Promise<void> }> => {
  const { bucket, objects, log } = options;
  const directory = await realpath(options.directory);
  const ledger = await openDropLedger(options.ledger);
  const failures = new Map<string, number>();
  const explained = createRecentMap<string, true>(maxExplained);
  let tail: Promise<void> = Promise.resolve();
  let queued = 0;
  const keyOf = (path: string): string => relative(directory, path).split(sep).join("/");

  const explain = (path: string, why: string): void => {
    if (explained.get(path)) return;
    explained.set(path, true);
    log.warn(why, { path });
  };

  /** Copies first and looks again afterwards; false for what was written to meanwhile, which is not whole. */
  const upload = async (path: string, file: Stats): Promise<boolean> => {
    const key = keyOf(path);
    const staged = join(options.staging, `${randomUUID()}.part`);
    try {
      await copyFile(path, staged, constants.COPYFILE_FICLONE);
      if (fingerprint(await lstat(path)) !== fingerprint(file)) return false;
      const metadata = { [takenFrom]: fingerprint(file) };
      const contentType = contentTypeOf(key);
      const { etag } = await objects.adopt({ bucket, key }, staged, { contentType, metadata });
      ledger.note(key, file, etag);
      return true;
    } finally {
      await rm(staged, { force: true });
    }
  };

  /** Whether a file was taken as it is now; its content decides where only the inode or its change time differ. */
  const isTaken = async (path: string, file: Stats): Promise<boolean> => {
    const key = keyOf(path);
    const state = ledger.compare(key, file);
    if (state === "taken") return true;
    const existing = await objects.head({ bucket, key });
    // The object tells what a crash kept from the ledger.
    if (existing?.metadata[takenFrom] === fingerprint(file)) {
      ledger.note(key, file, existing.etag);
      return true;
    }
    const etag = ledger.etag(key) ?? existing?.etag;
    if (state === "new" || etag === undefined || (await describeContent(path)).etag !== etag) return false;
    ledger.note(key, file, etag);
    return true;
  };

  const take = async (path: string, file: Stats): Promise<void> => {
    if (!(await isTaken(path, file)) && !(await upload(path, file))) return settling.wait(path);
    failures.delete(path);
  };

  const tryLater = (path: string, cause: unknown): void => {
    const count = failures.get(path) ?? 0;
    failures.set(path, count + 1);
    const seconds = Math.min(300, (options.retrySeconds ?? 5) * 2 ** count);
    log.warn(`A file of the input folder could not be taken; it is tried again in ${seconds} s`, {
      path,
      cause: oneLine(cause),
    });
    settling.wait(path, seconds);
  };

  const saveLedger = (): Promise<void> =>
    ledger.save().catch((cause: unknown) =>
      log.warn("The list of the files that were taken from the input folder could not be written", {
        cause: oneLine(cause),
      }),
    );

  const work = async (path: string, file: Stats): Promise<void> => {
    try {
      await options.room?.();
      await take(path, file);
    } catch (cause) {
      const gone = await lstat(path).then(
        () => false,
        (why: unknown) => systemCode(why) === "ENOENT",
      );
      if (gone) failures.delete(path);
      else tryLater(path, cause);
    }
    queued -= 1;
    // The ledger is written whole: of many files, once. The objects themselves tell what a crash keeps from it.
    if (queued === 0) await saveLedger();
  };

  const settling = createSettling({
    settleSeconds: options.settleSeconds ?? 2,
    onWhole(path, file) {
      const why = reasonAgainst(keyOf(path), file);
      if (why !== undefined) return explain(path, why);
      queued += 1;
      tail = tail.then(() => work(path, file));
    },
    onEmpty: (path) => explain(path, "A file of the input folder is empty; it is taken once it is not"),
    onFailure: (path, cause) => explain(path, `A path of the input folder cannot be read: ${oneLine(cause)}`),
  });

  const isLink = (path: string, file: Stats | undefined): boolean => {
    if (file?.isSymbolicLink() !== true) return false;
    explain(
      path,
      "A symbolic link in the input folder is passed over: copy the file itself, or link it with ln (hard)",
    );
    return true;
  };

  /** What is there at the start. */
  let present: Set<string> | undefined = new Set();
  const watcher: FSWatcher = watch(directory, {
    followSymlinks: false,
    alwaysStat: true,
    ignored: (path, file) => path !== directory && (isPassedOver(path) || isLink(path, file)),
  });
  watcher.on("add", (path, file) => {
    const key = keyOf(path);
    present?.add(key);
    if (file === undefined || ledger.compare(key, file) !== "taken") settling.wait(path);
    // An entry of an earlier version of this program gets the inode that it lacks.
    else ledger.note(key, file, ledger.etag(key));
  });
  watcher.on("change", (path) => settling.wait(path));
  // The watcher itself tells no change where a file was replaced by one of the same time.
  watcher.on("raw", (_event, ...told) => {
    const { data } = rawEvent.safeParse(told);
    if (data === undefined) return;
    const [name, { watchedPath }] = data;
    for (const path of [watchedPath, join(watchedPath, name)])
      if (ledger.has(keyOf(path))) settling.wait(path);
  });
  watcher.on("unlink", (path) => {
    settling.forget(path);
    ledger.forget(keyOf(path));
    explained.delete(path);
    failures.delete(path);
  });
  watcher.on("error", (cause) => log.error("The input folder cannot be watched", { cause: oneLine(cause) }));
  await new Promise<void>((resolve) => watcher.once("ready", () => resolve()));
  ledger.keepOnly(present);
  present = undefined;
  await saveLedger();
  return {
    async close() {
      await watcher.close();
      await settling.close();
      await settledWithin(tail, patience);
    },
  };
};
