import { type DiskSpace, readDiskSpace } from "../adapters/local/disk-space.ts";

const mebibyte = 2 ** 20;

/**
 * Bytes below which the runtime takes no more work. It is twice what the worker leaves free of its scratch volume,
 * so that no attempt starts only to be given up: 512 MiB, or 4 % of a smaller volume.
 */
export const getPauseThresholdBytes = ({ totalBytes }: Pick<DiskSpace, "totalBytes">): number =>
  Math.min(512 * mebibyte, totalBytes / 25);

/**
 * Whether work pauses. Once paused, it goes on only with a quarter more than the bound, so that a file that is
 * written and removed does not switch it back and forth.
 */
export const isDiskFull = (space: DiskSpace, isPaused: boolean): boolean =>
  space.freeBytes < getPauseThresholdBytes(space) * (isPaused ? 1.25 : 1);

/** Watches the free space of a volume. */
export interface DiskWatch {
  /** True while there is too little. */
  isFull(): boolean;
  /** Settles at once while there is room, else as soon as there is; also when the watch closes. */
  waitForSpace(): Promise<void>;
  close(): void;
}
interface DiskWatchOptions {
  readonly directory: string;
  readonly onFull: (space: DiskSpace) => void;
  readonly onSpaceAvailable: (space: DiskSpace) => void;
  readonly intervalMs?: number;
}

/** Starts to watch; it has looked once when this settles. A volume that cannot be asked counts as having room. */
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
