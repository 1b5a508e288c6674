import { type DiskSpace, diskSpace } from "../adapters/local/disk-space.ts";

const mebibyte = 2 ** 20;

/**
 * Bytes below which the runtime takes no more work. It is twice what the worker leaves free of its scratch volume,
 * so that no attempt starts only to be given up: 512 MiB, or 4 % of a smaller volume.
 */
export const pauseBelowBytes = ({ totalBytes }: Pick<DiskSpace, "totalBytes">): number =>
  Math.min(512 * mebibyte, totalBytes / 25);

/**
 * Whether work pauses. Once paused, it goes on only with a quarter more than the bound, so that a file that is
 * written and removed does not switch it back and forth.
 */
export const isDiskFull = (space: DiskSpace, paused: boolean): boolean =>
  space.freeBytes < pauseBelowBytes(space) * (paused ? 1.25 : 1);

/** Watches the free space of a volume. */
export interface DiskWatch {
  /** True while there is too little. */
  isFull(): boolean;
  /** Settles at once while there is room, else as soon as there is; also when the watch closes. */
  room(): Promise<void>;
  close(): void;
}
interface DiskWatchOptions {
  readonly directory: string;
  readonly onFull: (space: DiskSpace) => void;
  readonly onRoom: (space: DiskSpace) => void;
  readonly periodMs?: number;
}

/** Starts to watch; it has looked once when this settles. A volume that cannot be asked counts as having room. */
export const startDiskWatch = async (options: DiskWatchOptions): Promise<DiskWatch> => {
  let full = false;
  let closed = false;
  const waiting: (() => void)[] = [];
  const release = (): void => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  const look = async (): Promise<void> => {
    const space = await diskSpace(options.directory);
    if (closed || space === undefined || isDiskFull(space, full) === full) return;
    full = !full;
    if (full) return options.onFull(space);
    options.onRoom(space);
    release();
  };
  await look();
  const timer = setInterval(() => void look(), options.periodMs ?? 1000);
  return {
    isFull: () => full,
    room: () =>
      full && !closed
        ? new Promise((resolve) => {
            waiting.push(resolve);
          })
        : Promise.resolve(),
    close() {
      closed = true;
      clearInterval(timer);
      release();
    },
  };
};
