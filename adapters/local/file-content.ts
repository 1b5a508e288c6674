import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

/** Bytes per read. With Node's default of 64 KB, reading a source takes more CPU time from its encoder. */
export const chunkBytes = 128 * 1024;

/** Computes the size and the ETag of a file: its MD5 in quotes, as in S3. */
export const describeContent = async (
  path: string,
): Promise<{ readonly bytes: number; readonly etag: string }> => {
  const { size } = await stat(path);
  const hash = createHash("md5");
  // A small buffer for small files saves memory when there are thousands of them.
  const highWaterMark = Math.min(chunkBytes, Math.max(1, size));
  for await (const chunk of createReadStream(path, { highWaterMark })) hash.update(chunk);
  return { bytes: size, etag: `"${hash.digest("hex")}"` };
};
