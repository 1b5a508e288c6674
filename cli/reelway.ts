import { CommanderError } from "commander";
import { getSystemErrorCode } from "../adapters/local/system-error.ts";
import { formatError, UsageError } from "../pipeline/errors/errors.ts";
import { toPrintable } from "../pipeline/text/format.ts";
import { createProgram } from "./program.ts";

// The reader of the output may exit early, as `head` does; a runtime continues without a terminal.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (cause) => {
    if (getSystemErrorCode(cause) !== "EPIPE") throw cause;
  });

// Errors that no handler caught, e.g. a full disk reported by the embedded database.
process.on("uncaughtException", (cause) => {
  process.stderr.write(`reelway: Unexpected error: ${toPrintable(formatError(cause))}\n`);
  process.exit(1);
});

try {
  await createProgram().parseAsync();
} catch (cause) {
  if (cause instanceof CommanderError)
    // Commander has printed the message. Its exit code is 0 for --help.
    process.exitCode = cause.exitCode === 0 ? 0 : 2;
  else {
    process.stderr.write(`reelway: ${toPrintable(formatError(cause))}\n`);
    process.exitCode = cause instanceof UsageError ? 2 : 1;
  }
}
