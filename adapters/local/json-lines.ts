import { appendFile, open } from "node:fs/promises";
import { systemCode } from "./system-code.ts";

/** A file of JSON documents, one a line, that this process appends to. */
export interface JsonLines {
  /** Settles once the line is written. Rejects where it is not; the next line begins on a line of its own all the same. */
  append(line: string): Promise<void>;
}

const newline = 10;

/** Whether a file ends inside a line, which a killed writer or a full disk cut off. */
const endsInsideLine = async (path: string): Promise<boolean> => {
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
    if (systemCode(cause) === "ENOENT") return false;
    throw cause;
  }
};

/**
 * Appends to a file of lines. A line that was cut off is ended before the next is written, so that readers lose the one
 * line alone. No fsync: what is written here is told to people, and no decision depends on it.
 */
export const openJsonLines = (path: string): JsonLines => {
  let tail: Promise<void> = Promise.resolve();
  let mayBeTorn = true;
  const write = async (line: string): Promise<void> => {
    const start = mayBeTorn && (await endsInsideLine(path)) ? "\n" : "";
    mayBeTorn = true;
    await appendFile(path, `${start}${line}\n`);
    mayBeTorn = false;
  };
  return {
    append(line) {
      const written = tail.then(() => write(line));
      tail = written.catch(() => undefined);
      return written;
    },
  };
};
