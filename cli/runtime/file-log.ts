import { createWriteStream } from "node:fs";
import { createConsoleLog } from "../../adapters/aws/console-log.ts";
import type { Log } from "../../pipeline/ports/services.ts";

/** The runtime's log, a JSON document a line. */
export interface FileLog extends Log {
  close(): Promise<void>;
}

/** Appends to a file; the terminal is left to what a person wants to know. */
export const openFileLog = (path: string): FileLog => {
  const stream = createWriteStream(path, { flags: "a" });
  // A full disk must not end the runtime by way of its log.
  stream.on("error", () => undefined);
  return {
    ...createConsoleLog("runtime", (line) => stream.write(`${line}\n`)),
    close: () => new Promise((resolve) => stream.end(() => resolve())),
  };
};
