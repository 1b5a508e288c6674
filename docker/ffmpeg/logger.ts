import type { Logger } from "../../pipeline/ports/logger.ts";

/** Writes the log as JSON, a line an entry, on standard error. */
export const createLogger = (fields: Readonly<Record<string, unknown>> = {}): Logger => {
  const write = (level: string) => (message: string, details?: Readonly<Record<string, unknown>>) => {
    const entry = { at: new Date().toISOString(), level, message, ...fields, ...details };
    process.stderr.write(`${JSON.stringify(entry)}\n`);
  };
  return { info: write("info"), warn: write("warn"), error: write("error") };
};
