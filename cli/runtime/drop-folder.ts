import { lstat, readFile } from "node:fs/promises";
import { basename, relative, sep } from "node:path";
import { type FSWatcher, watch } from "chokidar";
import * as z from "zod";
import { writeAtomically } from "../../adapters/local/atomic-file.ts";
import type { ObjectStore } from "../../pipeline/ports/object-store.ts";
import type { Log } from "../../pipeline/ports/services.ts";
import { contentTypeOf } from "../content-type.ts";
import { oneLine, systemCode } from "../failure.ts";

const ledgerSchema = z.record(z.string(), z.object({ bytes: z.number(), modified: z.number() }));
type Ledger = z.infer<typeof ledgerSchema>;

const readLedger = async (path: string): Promise<Ledger> => {
  try {
    const parsed = ledgerSchema.safeParse(JSON.parse(await readFile(path, "utf8")));
    return parsed.success ? parsed.data : {};
  } catch (cause) {
    if (systemCode(cause) === "ENOENT" || cause instanceof SyntaxError) return {};
    throw cause;
  }
};

/** True for what is not taken: dotfiles and unfinished downloads. */
export const isPassedOver = (path: string): boolean => {
  const name = basename(path);
  return name.startsWith(".") || name.toLowerCase().endsWith(".part");
};

interface DropFolderOptions {
  readonly directory: string;
  readonly bucket: string;
  readonly objects: Pick<ObjectStore, "write">;
  /** What was taken already, so that a restart does not take it again. */
  readonly ledger: string;
  readonly log: Log;
  /** Seconds that size and time must stand still. */
  readonly settleSeconds?: number;
}

/** Copies what is put into a folder to the input bucket, once it is whole: the relative path is the key. */
export const watchDropFolder = async (options: DropFolderOptions): Promise<{ close(): Promise<void> }> => {
  const ledger = await readLedger(options.ledger);
  let tail: Promise<void> = Promise.resolve();

  const take = async (path: string): Promise<void> => {
    const found = await lstat(path);
    if (!found.isFile()) return;
    const key = relative(options.directory, path).split(sep).join("/");
    const known = ledger[key];
    if (known !== undefined && known.bytes === found.size && known.modified === found.mtimeMs) return;
    await options.objects.write(
      { bucket: options.bucket, key },
      { file: path },
      { contentType: contentTypeOf(key) },
    );
    ledger[key] = { bytes: found.size, modified: found.mtimeMs };
    await writeAtomically(options.ledger, JSON.stringify(ledger));
  };
  const enqueue = (path: string): void => {
    tail = tail.then(() =>
      take(path).catch((cause: unknown) => {
        if (systemCode(cause) !== "ENOENT")
          options.log.warn("A file of the input folder could not be taken", { path, cause: oneLine(cause) });
      }),
    );
  };

  const watcher: FSWatcher = watch(options.directory, {
    followSymlinks: false,
    ignored: (path) => path !== options.directory && isPassedOver(path),
    awaitWriteFinish: {
      stabilityThreshold: (options.settleSeconds ?? 2) * 1000,
      pollInterval: 200,
    },
  });
  watcher.on("add", enqueue).on("change", enqueue);
  watcher.on("error", (cause) =>
    options.log.error("The input folder cannot be watched", { cause: oneLine(cause) }),
  );
  await new Promise<void>((resolve) => watcher.once("ready", () => resolve()));
  return {
    async close() {
      await watcher.close();
      await tail;
    },
  };
};
