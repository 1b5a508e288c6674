import { createLineLogger } from "../adapters/aws/logger.ts";
import { openJsonLines } from "../adapters/local/json-lines.ts";
import type { Logger } from "../pipeline/ports/logger.ts";

/** The runtime's log, a JSON document a line. */
export interface FileLog extends Logger {
  /** Settles once all lines are written. */
  close(): Promise<void>;
}

/** Appends to a file; the terminal is left to what a person wants to know. */
export const openFileLog = (path: string): FileLog => {
  const lines = openJsonLines(path);
  let lastWrite: Promise<void> = Promise.resolve();
  return {
    ...createLineLogger("runtime", (line) => {
      // A full disk must not end the runtime by way of its log.
      lastWrite = lines.append(line).catch(() => undefined);
    }),
    close: () => lastWrite,
  };
};
