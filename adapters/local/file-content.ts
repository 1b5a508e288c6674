import { createHash, randomBytes } from "node:crypto";
import { open, stat } from "node:fs/promises";

/** Bytes per read. With Node's default of 64 KB, reading a source takes more CPU time from its encoder. */
export const chunkBytes = 128 * 1024;

/** Size and ETag of an object's content. */
interface ContentDescription {
  readonly bytes: number;
  readonly etag: string;
}

/**
 * Describes a file with a random ETag, without reading it. The ETag of an object that is encrypted with a KMS key is not
 * an MD5 either (Amazon S3 API reference, Object).
 */
export const describeLinkedContent = async (path: string): Promise<ContentDescription> => ({
  bytes: (await stat(path)).size,
  etag: `"${randomBytes(16).toString("hex")}"`,
});

/** Computes the size and the ETag of a file: its MD5 in quotes, as in S3. */
export const describeContent = async (path: string): Promise<ContentDescription> => {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const hash = createHash("md5");
    // One buffer for all reads: a stream allocates one for each, which fills the memory until V8 frees them.
    const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(1, size)));
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
    }
    return { bytes: size, etag: `"${hash.digest("hex")}"` };
  } finally {
    await file.close();
  }
};
