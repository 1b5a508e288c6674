import type { Logger } from "../../../pipeline/ports/logger.ts";

/**
 * Logs an error that nothing has caught, with positions in the sources, and exits with 1 as Node.js does. Node.js prints
 * the line of the error, which has 100 KB in a bundle.
 */
export const exitOnUncaughtError = (log: Logger): void => {
  process.once("uncaughtException", (error) => {
    log.error("Unexpected error", { error });
    process.exit(1);
  });
};
