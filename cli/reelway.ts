import { getSystemErrorCode } from "../adapters/local/system-error.ts";
import { classifyError, renderError } from "./errors.ts";
import { createProgram } from "./program.ts";

const program = createProgram();

/** @returns the exit status */
const reportError = (cause: unknown): number => {
  process.stderr.write(renderError(cause, program.opts().verbose === true));
  return classifyError(cause).exitStatus;
};

// The reader of the output may exit early, as `head` does; a runtime continues without a terminal.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (cause) => {
    if (getSystemErrorCode(cause) !== "EPIPE") throw cause;
  });

// Errors and rejections that no handler caught, e.g. a full disk reported by the embedded database.
process.on("uncaughtException", (cause) => process.exit(reportError(cause)));

// The fetch of Node.js 20 keeps nothing open while it waits if the server closes the connection at once. Without a timer,
// the process would exit with status 13 before fetch rejects.
const keepAlive = setInterval(() => undefined, 2 ** 30);
try {
  await program.parseAsync();
} catch (cause) {
  process.exitCode = reportError(cause);
} finally {
  clearInterval(keepAlive);
}
