import { readdir, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import { buildScratchFullFailure } from "./failure.ts";

export interface ScratchWatchOptions {
  /** The scratch volume. */
  readonly scratch: string;
  /** The attempt's folder on it. */
  readonly folder: string;
  /** Bytes the folder may hold. */
  readonly maxBytes: number;
  /** Told once, when the folder holds more or the volume has next to nothing left. */
  readonly onFailure: (failure: JobFailure) => void;
  /** Milliseconds between two looks. */
  readonly periodMs?: number;
}
export interface ScratchWatch {
  /** Looks now. */
  check(): Promise<void>;
  /** Looks no more, and waits for a look under way. */
  stop(): Promise<void>;
}

/** Bytes that are left to everybody else on the volume: a fiftieth of it, at most 256 MiB. */
const computeReserveBytes = (volumeBytes: number): number => Math.min(256 * 2 ** 20, volumeBytes / 50);

/** Whether a volume has less left than an attempt may take; false where it cannot be asked. */
export const isScratchFull = async (scratch: string): Promise<boolean> => {
  const volume = await statfs(scratch).catch(() => undefined);
  return (
    volume !== undefined && volume.bavail * volume.bsize < computeReserveBytes(volume.blocks * volume.bsize)
  );
};

/** Bytes of the files in a folder and below it; one that vanishes meanwhile counts nothing. */
const measureFolderBytes = async (folder: string): Promise<number> => {
  let sum = 0;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) sum += await measureFolderBytes(path);
    else if (entry.isFile()) sum += (await stat(path).catch(() => undefined))?.size ?? 0;
  }
  return sum;
};

const buildScratchLimitFailure = (bytes: number, maxBytes: number): JobFailure =>
  new JobFailure(
    4005,
    `What the job makes takes ${bytes} bytes of scratch already, over the limit of ${maxBytes}. Cut the source, ask for less, or raise MAX_SCRATCH_BYTES of the worker, then retry the job with --force.`,
  );

/** Bounds what an attempt writes, by whichever program and into however many files. */
export const startScratchWatch = (options: ScratchWatchOptions): ScratchWatch => {
  const { scratch, folder, maxBytes } = options;
  let pendingCheck: Promise<void> | undefined;
  let isReported = false;
  const checkUsage = async (): Promise<void> => {
    const bytes = await measureFolderBytes(folder);
    const failure =
      bytes > maxBytes
        ? buildScratchLimitFailure(bytes, maxBytes)
        : (await isScratchFull(scratch))
          ? buildScratchFullFailure(scratch)
          : undefined;
    if (failure === undefined || isReported) return;
    isReported = true;
    options.onFailure(failure);
  };
  const startCheck = (): void => {
    pendingCheck ??= checkUsage().finally(() => {
      pendingCheck = undefined;
    });
  };
  startCheck();
  const timer = setInterval(startCheck, options.periodMs ?? 1000);
  return {
    async check() {
      await pendingCheck;
      await checkUsage();
    },
    async stop() {
      clearInterval(timer);
      await pendingCheck;
    },
  };
};
