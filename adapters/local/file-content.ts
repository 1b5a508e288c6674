import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

/** Bytes of one read: at the 64 KB of Node reading a clip takes more of the cores from its encoder. */
export const chunkBytes = 128 * 1024;

/** What an object's record tells of a file's content: the size, and the MD5 in quotes, as in S3. */
export const describeContent = async (
  path: string,
): Promise<{ readonly bytes: number; readonly etag: string }> => {
  const { size } = await stat(path);
  const hash = createHash("md5");
  // A buffer of the whole size for each of thousands of small files would only grow the process.
  const highWaterMark = Math.min(chunkBytes, Math.max(1, size));
  for await (const chunk of createReadStream(path, { highWaterMark })) hash.update(chunk);
  return { bytes: size, etag: `"${hash.digest("hex")}"` };
};
