import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { writeStream } from "../../../adapters/local/stream-file.ts";
import { isDiskFullError } from "../../../adapters/local/system-error.ts";
import { type ChannelFetcher, FetchFailure } from "../../../pipeline/highlights/channel-fetcher.ts";
import { decryptSegment } from "../../../pipeline/highlights/decrypt-segment.ts";
import type { StoredObject } from "../../../pipeline/highlights/frame-reader.ts";
import type { KeyCache } from "../../../pipeline/highlights/key-cache.ts";
import type {
  ArchivedPart,
  ArchiveSource,
  SegmentArchive,
} from "../../../pipeline/highlights/segment-archive.ts";
import { shortenUrl } from "../../../pipeline/highlights/shorten-url.ts";
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

/** A minute at 35 Mbit/s. A function has 512 MB for temporary files, which frames need too. */
const maxPartBytes = 256 * 2 ** 20;
const maxInitializationBytes = 16 * 2 ** 20;
/** Contents that are remembered: those of the latest timelines. */
const maxContents = 64;
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
  const contents = new Map<string, StoredObject>();

  /** Fetches and decrypts a part into a file. */
  const fetchPart = async (
    { url, byteRange, encryption }: ArchiveSource,
    path: string,
    maxBytes: number,
    signal: AbortSignal | undefined,
  ): Promise<void> => {
    const abort = signal === undefined ? {} : { signal };
    const key =
      encryption === undefined
        ? undefined
        : await keys.read({ url: encryption.keyUrl, timeoutMs: partTimeoutMs, ...abort });
    const { stream } = await fetcher.fetchStream({
      url,
      maxBytes,
      timeoutMs: partTimeoutMs,
      ...(byteRange === undefined ? {} : { byteRange }),
      ...abort,
    });
    const content =
      key === undefined || encryption === undefined
        ? stream
        : Readable.from(decryptSegment(stream, key, encryption.iv));
    await writeStream([content], path, abort).catch((cause: unknown) => {
      if (!isDiskFullError(cause)) throw cause;
      throw new FetchFailure(
        "too-large",
        `${shortenUrl(new URL(url))} does not fit the free space of ${scratch}. Free some space, or use a stream with shorter segments.`,
        { cause },
      );
    });
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
        await fetchPart(request, path, maxPartBytes, signal);
        return storeFile(key, path);
      });
    },
    async copyContent({ keyPrefix, keySuffix, ...source }, signal) {
      const identity = JSON.stringify([keyPrefix, keySuffix, source]);
      const known = contents.get(identity);
      if (known !== undefined) return known;
      const { key, bytes } = await withFile(async (path) => {
        await fetchPart(source, path, maxInitializationBytes, signal);
        const hash = createHash("sha256")
          .update(await readFile(path))
          .digest("hex")
          .slice(0, 16);
        return storeFile(`${keyPrefix}${hash}${keySuffix}`, path);
      });
      // The order of a map is the order of insertion.
      for (const oldest of contents.keys()) if (contents.size >= maxContents) contents.delete(oldest);
      contents.set(identity, { key, bytes });
      return { key, bytes };
    },
    async writeImage(key, image) {
      await withFile(async (path) => {
        await writeFile(path, image);
        await objects.write({ bucket, key }, { file: path }, { contentType: "image/jpeg" });
      });
    },
  };
};
