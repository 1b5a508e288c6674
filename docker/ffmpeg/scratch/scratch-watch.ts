import { readdir, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import { forceRetryAdvice } from "../../../pipeline/errors/retry-advice.ts";
import { buildScratchFullFailure } from "../failures/failure.ts";

export interface ScratchWatchOptions {
  /** The scratch volume. */
  readonly scratch: string;
  /** The attempt's folder on the volume. */
  readonly folder: string;
  /** Maximum size of the folder. */
  readonly maxBytes: number;
  /** Called once, if the folder exceeds the limit or the volume is almost full. */
  readonly onFailure: (failure: JobFailure) => void;
  /** Milliseconds between checks. */
  readonly periodMs?: number;
}
export interface ScratchWatch {
  /** Checks now. */
  check(): Promise<void>;
  /** Stops checking and waits for a check in progress. */
  stop(): Promise<void>;
}

/** Bytes reserved for other users of the volume: 2 % of it, at most 256 MiB. */
const computeReserveBytes = (volumeBytes: number): number => Math.min(256 * 2 ** 20, volumeBytes / 50);

/** True if only the reserve is left on a volume; false if its free space is unknown. */
export const isScratchFull = async (scratch: string): Promise<boolean> => {
  const volume = await statfs(scratch).catch(() => undefined);
  return (
    volume !== undefined && volume.bavail * volume.bsize < computeReserveBytes(volume.blocks * volume.bsize)
  );
};

/** Total size of the files under a folder. Files that disappear during the measurement do not count. */
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
    `The job uses ${bytes} bytes of scratch space; the limit is ${maxBytes}. Use a shorter source, request fewer outputs, or raise worker.scratchGiB of the stage in reelway.config.ts and deploy it, ${forceRetryAdvice}`,
  );

/** Limits the total size of an attempt's files, whichever program writes them. */
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
