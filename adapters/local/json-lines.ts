import { appendFile, open } from "node:fs/promises";
import pLimit from "p-limit";
import { getSystemErrorCode } from "./system-error.ts";

/** A JSON Lines file to which this process appends. */
export interface JsonLines {
  /** Resolves when the line is written. After a failure, the next entry still starts on a new line. */
  append(line: string): Promise<void>;
}

const newline = 10;

/** True if a file ends within a line, which a killed writer or a full disk truncated. */
const hasIncompleteLastLine = async (path: string): Promise<boolean> => {
  try {
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      if (size === 0) return false;
      const { buffer, bytesRead } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
      return bytesRead === 1 && buffer[0] !== newline;
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (getSystemErrorCode(cause) === "ENOENT") return false;
    throw cause;
  }
};

/**
 * Opens a JSON Lines file. A truncated line is ended before the next one is written, so that readers lose only that
 * line. There is no fsync, because the content is only informative.
 */
export const openJsonLines = (path: string): JsonLines => {
  const limit = pLimit(1);
  let isPossiblyTruncated = true;
  const write = async (line: string): Promise<void> => {
    const start = isPossiblyTruncated && (await hasIncompleteLastLine(path)) ? "\n" : "";
    isPossiblyTruncated = true;
    await appendFile(path, `${start}${line}\n`);
    isPossiblyTruncated = false;
  };
  return { append: (line) => limit(write, line) };
};
