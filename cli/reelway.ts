import { getSystemErrorCode } from "../adapters/local/system-error.ts";
import { classifyError, renderError } from "./errors.ts";
import { createProgram } from "./program.ts";

const program = createProgram();

/** @returns the exit status */
const reportError = (cause: unknown): number => {
  process.stderr.write(renderError(cause, program.opts().verbose === true));
  return classifyError(cause).exitStatus;
};

// Who reads the output may leave before its end, as `head` does; a runtime goes on without a terminal.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (cause) => {
    if (getSystemErrorCode(cause) !== "EPIPE") throw cause;
  });

// What nobody has caught, rejections included.
process.on("uncaughtException", (cause) => process.exit(reportError(cause)));

try {
  await program.parseAsync();
} catch (cause) {
  process.exitCode = reportError(cause);
}
