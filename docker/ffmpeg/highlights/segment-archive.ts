import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ChannelFetcher } from "../../../pipeline/highlights/channel-fetcher.ts";
import { decryptSegment } from "../../../pipeline/highlights/decrypt-segment.ts";
import type { KeyCache } from "../../../pipeline/highlights/key-cache.ts";
import type {
  ArchivedPart,
  ArchiveRequest,
  SegmentArchive,
} from "../../../pipeline/highlights/segment-archive.ts";
import type { ObjectStore } from "../../../pipeline/ports/object-store.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";

export interface SegmentArchiveOptions {
  readonly fetcher: Pick<ChannelFetcher, "fetchStream">;
  readonly keys: KeyCache;
  readonly objects: Pick<ObjectStore, "head" | "write">;
  /** Bucket of the archive. */
  readonly bucket: string;
  /** Folder for temporary files. */
  readonly scratch: string;
}

/** Enough for a minute at 100 Mbit/s. */
const maxPartBytes = 768 * 2 ** 20;
const partTimeoutMs = 60_000;
/** MPEG-TS and fragments alike. */
const contentTypes: Readonly<Record<string, string>> = {
  ts: "video/mp2t",
  m4s: "video/iso.segment",
  mp4: "video/mp4",
};

/** Creates the archive of one channel. */
export const createSegmentArchive = ({
  fetcher,
  keys,
  objects,
  bucket,
  scratch,
}: SegmentArchiveOptions): SegmentArchive => {
  /** Fetches and decrypts a part into a file. */
  const fetchPart = async (
    { url, byteRange, encryption }: ArchiveRequest,
    path: string,
    signal: AbortSignal | undefined,
  ): Promise<void> => {
    const abort = signal === undefined ? {} : { signal };
    const key =
      encryption === undefined
        ? undefined
        : await keys.read({ url: encryption.keyUrl, timeoutMs: partTimeoutMs, ...abort });
    const { stream } = await fetcher.fetchStream({
      url,
      maxBytes: maxPartBytes,
      timeoutMs: partTimeoutMs,
      ...(byteRange === undefined ? {} : { byteRange }),
      ...abort,
    });
    const content =
      key === undefined || encryption === undefined
        ? stream
        : Readable.from(decryptSegment(stream, key, encryption.iv));
    await pipeline(content, createWriteStream(path), abort);
  };

  /** Stores a file unless the key has an object: then an earlier run has stored it. */
  const storeFile = async (key: string, path: string): Promise<ArchivedPart> => {
    const contentType = contentTypes[key.slice(key.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    try {
      const { bytes } = await objects.write(
        { bucket, key },
        { file: path },
        { contentType, condition: { absent: true } },
      );
      return { key, bytes, isNew: true };
    } catch (cause) {
      if (!(cause instanceof StoreFailure && cause.kind === "precondition")) throw cause;
      const existing = await objects.head({ bucket, key });
      if (existing === undefined) throw cause;
      return { key, bytes: existing.bytes, isNew: false };
    }
  };

  const withFile = async <T>(use: (path: string) => Promise<T>): Promise<T> => {
    await mkdir(scratch, { recursive: true });
    const path = join(scratch, `archive-${randomUUID()}`);
    try {
      return await use(path);
    } finally {
      await rm(path, { force: true });
    }
  };

  return {
    async copy(request, signal) {
      const { key } = request;
      const existing = await objects.head({ bucket, key });
      if (existing !== undefined) return { key, bytes: existing.bytes, isNew: false };
      return withFile(async (path) => {
        await fetchPart(request, path, signal);
        return storeFile(key, path);
      });
    },
    async writeImage(key, image) {
      await withFile(async (path) => {
        await writeFile(path, image);
        await objects.write({ bucket, key }, { file: path }, { contentType: "image/jpeg" });
      });
    },
  };
};
