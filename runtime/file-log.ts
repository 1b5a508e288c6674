import { createLineLogger } from "../adapters/aws/logger.ts";
import { openJsonLines } from "../adapters/local/json-lines.ts";
import type { Logger } from "../pipeline/ports/logger.ts";

/** The runtime's log, one JSON document per line. */
export interface FileLog extends Logger {
  /** Resolves when all lines are written. */
  close(): Promise<void>;
}

/** Opens a log that appends to a file; the terminal shows notices only. */
export const openFileLog = (path: string): FileLog => {
  const lines = openJsonLines(path);
  let lastWrite: Promise<void> = Promise.resolve();
  return {
    ...createLineLogger("runtime", (line) => {
      // A failed log write, e.g. on a full disk, must not end the runtime.
      lastWrite = lines.append(line).catch(() => undefined);
    }),
    close: () => lastWrite,
  };
};
