import { type DiskSpace, readDiskSpace } from "../adapters/local/disk-space.ts";

const mebibyte = 2 ** 20;

/**
 * Free bytes below which the runtime pauses: 512 MiB, or 4 % of a smaller volume. This is twice the reserve of the
 * worker's scratch volume, so that no attempt starts that must be aborted.
 */
export const getPauseThresholdBytes = ({ totalBytes }: Pick<DiskSpace, "totalBytes">): number =>
  Math.min(512 * mebibyte, totalBytes / 25);

/**
 * Whether work pauses. A pause ends at 125 % of the threshold, so that one file that is written and removed does not
 * toggle it.
 */
export const isDiskFull = (space: DiskSpace, isPaused: boolean): boolean =>
  space.freeBytes < getPauseThresholdBytes(space) * (isPaused ? 1.25 : 1);

/** Watches the free space of a volume. */
export interface DiskWatch {
  /** True while the volume has too little free space. */
  isFull(): boolean;
  /** Resolves when the volume has enough free space, or when the watch closes. */
  waitForSpace(): Promise<void>;
  close(): void;
}
interface DiskWatchOptions {
  readonly directory: string;
  readonly onFull: (space: DiskSpace) => void;
  readonly onSpaceAvailable: (space: DiskSpace) => void;
  readonly intervalMs?: number;
}

/** Checks a volume once, then at each interval. A volume whose free space cannot be read counts as having space. */
export const startDiskWatch = async (options: DiskWatchOptions): Promise<DiskWatch> => {
  let isFull = false;
  let isClosed = false;
  const waiters: (() => void)[] = [];
  const release = (): void => {
    for (const resolve of waiters.splice(0)) resolve();
  };
  const check = async (): Promise<void> => {
    const space = await readDiskSpace(options.directory);
    if (isClosed || space === undefined || isDiskFull(space, isFull) === isFull) return;
    isFull = !isFull;
    if (isFull) return options.onFull(space);
    options.onSpaceAvailable(space);
    release();
  };
  await check();
  const timer = setInterval(() => void check(), options.intervalMs ?? 1000);
  return {
    isFull: () => isFull,
    waitForSpace: () =>
      isFull && !isClosed
        ? new Promise((resolve) => {
            waiters.push(resolve);
          })
        : Promise.resolve(),
    close() {
      isClosed = true;
      clearInterval(timer);
      release();
    },
  };
};
