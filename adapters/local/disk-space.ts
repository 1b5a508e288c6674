import { statfs } from "node:fs/promises";

/** Space of the volume that holds a path, bytes. */
export interface DiskSpace {
  /** What this user may still write. */
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** Asks the file system; undefined where it cannot be asked. */
export const readDiskSpace = async (path: string): Promise<DiskSpace | undefined> => {
  const volume = await statfs(path).catch(() => undefined);
  return volume === undefined
    ? undefined
    : { freeBytes: volume.bavail * volume.bsize, totalBytes: volume.blocks * volume.bsize };
};
