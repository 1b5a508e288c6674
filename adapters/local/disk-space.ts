import { statfs } from "node:fs/promises";

/** Space on the volume of a path. */
export interface DiskSpace {
  /** Bytes available to this user. */
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** Reads the disk space; undefined if the file system does not report it. */
export const readDiskSpace = async (path: string): Promise<DiskSpace | undefined> => {
  const volume = await statfs(path).catch(() => undefined);
  return volume === undefined
    ? undefined
    : { freeBytes: volume.bavail * volume.bsize, totalBytes: volume.blocks * volume.bsize };
};
