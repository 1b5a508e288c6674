import { createHash } from "node:crypto";
import { open } from "node:fs/promises";

/** Bytes per read. With Node's default of 64 KB, reading a source takes more CPU time from its encoder. */
export const chunkBytes = 128 * 1024;

/** Computes the size and the ETag of a file: its MD5 in quotes, as in S3. */
export const describeContent = async (
  path: string,
): Promise<{ readonly bytes: number; readonly etag: string }> => {
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
