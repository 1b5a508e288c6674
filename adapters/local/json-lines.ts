import { appendFile, open } from "node:fs/promises";
import pLimit from "p-limit";
import { getSystemErrorCode } from "./system-error.ts";

/** A file of JSON documents, one a line, that this process appends to. */
export interface JsonLines {
  /** Settles once the line is written. Rejects where it is not; the next line begins on a line of its own all the same. */
  append(line: string): Promise<void>;
}

const newline = 10;

/** Whether a file ends inside a line, which a killed writer or a full disk cut off. */
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
 * Appends to a file of lines. A line that was cut off is ended before the next is written, so that readers lose the one
 * line alone. No fsync: what is written here is told to people, and no decision depends on it.
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
